//! Writing telemetry, small enough for a microcontroller: no intermediate tree.

use alloc::string::String;
use core::fmt::{self, Write};

use super::{Body, Sample};

/// One sample as an object, any other number of samples as an array.
pub fn encode(samples: &[Sample]) -> String {
    let mut out = String::with_capacity(96 * samples.len() + 2);
    let written = match samples {
        [one] => write_sample(&mut out, one),
        many => write_array(&mut out, many),
    };
    written.expect("writing to a string never fails");
    out
}

fn write_array(out: &mut String, samples: &[Sample]) -> fmt::Result {
    out.push('[');
    for (i, sample) in samples.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_sample(out, sample)?;
    }
    out.push(']');
    Ok(())
}

fn write_sample(out: &mut String, sample: &Sample) -> fmt::Result {
    out.push('{');
    if let Some(id) = sample.id {
        write!(out, "\"boot\":{},\"seq\":{},", id.boot, id.seq)?;
    }
    write_optional(out, "at", sample.at)?;
    match &sample.body {
        Body::Measured(m) => {
            // Not-a-number has no JSON; what was not measured is left out.
            write_optional(out, "t", m.t.filter(|t| t.is_finite()))?;
            write_optional(out, "h", m.h.filter(|h| h.is_finite()))?;
        }
        Body::Failed(reason) => {
            let reason = serde_json::to_string(reason).map_err(|_| fmt::Error)?;
            write!(out, "\"err\":{reason},")?;
        }
    }
    write_optional(out, "light", sample.light)?;
    write_optional(out, "rssi", sample.rssi)?;
    write_optional(out, "bat", sample.bat)?;
    if out.ends_with(',') {
        out.pop();
    }
    out.push('}');
    Ok(())
}

fn write_optional(out: &mut String, name: &str, value: Option<impl fmt::Display>) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(out, "\"{name}\":{value},"))
}
