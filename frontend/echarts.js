// The chart library, cut to what the pages draw: everything else would only be downloaded to phones.
// Loaded as a plain script, it leaves one global, `echarts`, as the complete bundle does.
import { LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

globalThis.echarts = { init };
