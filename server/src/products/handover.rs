//! What the world outside the store is told when a device changes hands.

use std::time::Duration;

use bytes::Bytes;
use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::topic::{Leaf, Topic};

use super::{Product, Shop};
use crate::db::devices::Device;
use crate::db::households::{Role, find_role, list_members};
use crate::db::{HouseholdId, UserId};
use crate::error::{Error, Result};
use crate::lifecycle::Lifecycle;
use crate::live::Hub;
use crate::mqtt::{Gatekeeper, PublishOptions, Publisher};

/// The broker publishes the will of a connection it cuts a moment later; what is cleared is cleared once more then, and
/// again until the broker can be told.
const ONCE_MORE_AFTER: Duration = Duration::from_secs(3);

/// Broker and open pages; cheap to clone.
#[derive(Clone)]
pub struct Handover {
    /// Makes the new secrets.
    pub shop: Shop,
    /// Lets devices in, and cuts the connections of old passwords.
    pub gatekeeper: Gatekeeper,
    /// Clears what the broker keeps.
    pub publisher: Publisher,
    /// Open pages.
    pub hub: Hub,
    /// Ends what is still to do.
    pub lifecycle: Lifecycle,
}

impl Handover {
    /// Takes a device out of its household, or back from a customer: history deleted, secrets new, its connection cut,
    /// nothing of it kept by the broker, gone from every open page.
    pub async fn take_back(&self, device: &Device, now: Timestamp) -> Result<Product> {
        let people = match device.household {
            Some(household) => self.people(household).await?,
            None => Vec::new(),
        };
        let product = self.shop.take_back(device, now).await?;
        self.announce(std::slice::from_ref(device), people).await;
        Ok(product)
    }

    /// Its owner gives a device away; see [`take_back`](Self::take_back).
    ///
    /// # Errors
    /// [`Error::Forbidden`] to whoever belongs to its home but does not own it.
    pub async fn release(&self, person: UserId, device: &Device, now: Timestamp) -> Result<Product> {
        let role = match device.household {
            Some(household) => find_role(self.shop.db(), household, person).await?,
            None => None,
        };
        if role != Some(Role::Owner) {
            return Err(Error::Forbidden);
        }
        self.take_back(device, now).await
    }

    /// Tells the world, after the commit, that these devices have left the homes of these people.
    pub(crate) async fn announce(&self, devices: &[Device], people: Vec<UserId>) {
        let serials: Vec<_> = devices.iter().map(|device| device.serial).collect();
        for device in devices {
            self.hub.forget(device.id);
        }
        self.hub.moved(people);
        self.gatekeeper.changed(&serials).await;
        for serial in serials {
            self.clear(serial);
            self.clear_once_more(serial);
        }
    }

    fn clear_once_more(&self, serial: Serial) {
        let (again, stop) = (self.clone(), self.lifecycle.child());
        self.lifecycle.spawn("clear retained", async move {
            let clearing = async {
                loop {
                    tokio::time::sleep(ONCE_MORE_AFTER).await;
                    if again.clear(serial) {
                        return;
                    }
                }
            };
            stop.run_until_cancelled(clearing).await;
        });
    }

    /// Tells the open pages of everybody in a household that its devices, or its people, have changed.
    pub async fn tell(&self, household: HouseholdId) -> Result<()> {
        self.hub.moved(self.people(household).await?);
        Ok(())
    }

    async fn people(&self, household: HouseholdId) -> Result<Vec<UserId>> {
        let members = list_members(self.shop.db(), household).await?;
        Ok(members.into_iter().map(|member| member.user).collect())
    }

    /// An empty retained message takes the kept one away. `false` if the broker could not be told everything.
    fn clear(&self, serial: Serial) -> bool {
        let options = PublishOptions {
            at_least_once: true,
            retain: true,
            ..PublishOptions::default()
        };
        [Leaf::Status, Leaf::Telemetry, Leaf::Reply].into_iter().all(|leaf| {
            let topic = Topic::new(serial, leaf).to_string();
            self.publisher.try_publish(topic, Bytes::new(), options).is_ok()
        })
    }
}
