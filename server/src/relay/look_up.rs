//! What the database knows of the devices that are being watched here.

use crate::db::{Db, devices, states};
use crate::error::Result;
use crate::live::{DeviceView, Hub};

/// Tells the sockets of this instance whatever is newer in the database. If that cannot be read now, the next look
/// does it.
pub(super) async fn look_up(db: &Db, hub: &Hub) {
    if let Err(error) = try_look_up(db, hub).await {
        tracing::warn!(%error, "watched devices were not looked up");
    }
}

async fn try_look_up(db: &Db, hub: &Hub) -> Result<()> {
    let watched = hub.watched();
    let devices = devices::list_devices(db, &watched).await?;
    let states = states::list_states(db, &watched).await?;
    let views = devices.iter().filter_map(|device| {
        let state = states.get(&device.id)?;
        Some((device.id, DeviceView::of(device, state)))
    });
    hub.renew(views);
    Ok(())
}
