// The chart library, cut to what app/src/charts draws: everything else would only be downloaded to phones.
// Loaded as a plain script, it leaves one global, `echarts`, as the complete bundle does.
import { LineChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([DataZoomInsideComponent, GridComponent, LineChart, MarkLineComponent, SVGRenderer, TooltipComponent]);

globalThis.echarts = { init };
