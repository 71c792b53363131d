// The chart library, cut to what app/src/charts.rs draws: everything else would only be downloaded to phones.
// Loaded as a plain script, it leaves one global, `echarts`, as the complete bundle does.
import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

globalThis.echarts = { init };
