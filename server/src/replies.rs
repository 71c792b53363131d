//! Where the answers of devices come in, by whichever door, and find whoever waits for them.
//!
//! An answer is matched by the device that gave it and by the id of the request. One that comes late, twice or with an
//! id that nobody knows is counted and forgotten. With several instances it may come in at another one than the
//! question left from: what nobody here waits for is told to the others ([`crate::relay`]) once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::serial::Serial;
use domain::wire::command::Reply;
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::db::RequestId;

/// Questions that may be open at once; whoever asks more is told to come back.
const MOST_OPEN: usize = 4_096;
/// Answers that may wait to be told to the others, or to be written down. What finds no room counts as lost: questions
/// time out, errands are run again.
const WAITING: usize = 1_024;

/// An answer, and what it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Who answers.
    pub serial: Serial,
    /// What is answered.
    pub request: RequestId,
    /// The answer itself.
    pub reply: Reply,
}

/// As it is told to other instances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    serial: Serial,
    request: String,
    reply: Reply,
}

/// The desk where answers come in; cheap to clone.
#[derive(Clone, Debug)]
pub struct Replies(Arc<Inner>);

type Key = (Serial, RequestId);

#[derive(Debug)]
struct Inner {
    open: Mutex<HashMap<Key, oneshot::Sender<Reply>>>,
    elsewhere: broadcast::Sender<Answer>,
    errands: mpsc::Sender<Answer>,
    /// Taken by whoever writes errands' answers down.
    ledger: Mutex<Option<mpsc::Receiver<Answer>>>,
}

/// Too many questions are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl Default for Replies {
    fn default() -> Self {
        let (errands, ledger) = mpsc::channel(WAITING);
        Self(Arc::new(Inner {
            open: Mutex::default(),
            elsewhere: broadcast::channel(WAITING).0,
            errands,
            ledger: Mutex::new(Some(ledger)),
        }))
    }
}

impl Replies {
    /// Opens a question; dropping what is returned closes it.
    ///
    /// # Errors
    /// If too many are open.
    pub fn open(&self, serial: Serial, request: RequestId) -> Result<Question, TooMany> {
        let (sender, answer) = oneshot::channel();
        let mut open = self.waiting();
        if open.len() >= MOST_OPEN {
            return Err(TooMany);
        }
        open.insert((serial, request), sender);
        Ok(Question {
            replies: self.clone(),
            key: (serial, request),
            answer,
        })
    }

    /// Takes what a device has said: `correlation` is its MQTT 5 correlation data, if it sent any.
    pub fn take(&self, serial: Serial, correlation: Option<&[u8]>, payload: &[u8]) {
        let Ok(reply) = Reply::decode(payload) else {
            return count("malformed");
        };
        let correlation = correlation.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some(request) = correlation.or(reply.id.as_deref()).and_then(|id| id.parse().ok()) else {
            return count("unknown");
        };
        let answer = Answer { serial, request, reply };
        if request.is_errand() && self.0.errands.try_send(answer.clone()).is_err() {
            count("lost");
        }
        if let Err(answer) = self.settle(answer) {
            // Nobody listens if there are no other instances.
            let is_told = self.0.elsewhere.send(answer).is_ok();
            count(if is_told { "elsewhere" } else { "unknown" });
        } else {
            count("matched");
        }
    }

    /// Takes what another instance was told.
    pub fn hear(&self, told: Told) {
        let Ok(request) = told.request.parse() else { return };
        let answer = Answer {
            serial: told.serial,
            request,
            reply: told.reply,
        };
        if self.settle(answer).is_ok() {
            count("matched");
        }
    }

    /// What nobody here waits for.
    pub fn unclaimed(&self) -> broadcast::Receiver<Answer> {
        self.0.elsewhere.subscribe()
    }

    /// The answers of errands; `None` for everybody but the first who asks.
    pub fn ledger(&self) -> Option<mpsc::Receiver<Answer>> {
        self.0.ledger.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn settle(&self, answer: Answer) -> Result<(), Answer> {
        match self.waiting().remove(&(answer.serial, answer.request)) {
            // Whoever has just given up has been told so.
            Some(waiting) => {
                let _ = waiting.send(answer.reply);
                Ok(())
            }
            None => Err(answer),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Key, oneshot::Sender<Reply>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<&Answer> for Told {
    fn from(answer: &Answer) -> Self {
        Self {
            serial: answer.serial,
            request: answer.request.to_string(),
            reply: answer.reply.clone(),
        }
    }
}

/// Somebody waits.
#[derive(Debug)]
pub struct Question {
    replies: Replies,
    key: Key,
    answer: oneshot::Receiver<Reply>,
}

impl Question {
    /// The answer, whenever it comes.
    pub async fn answer(&mut self) -> Reply {
        match (&mut self.answer).await {
            Ok(reply) => reply,
            // The desk drops a sender only when it answers.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        self.replies.waiting().remove(&self.key);
    }
}

fn count(fate: &'static str) {
    metrics::counter!("templog_replies_total", "fate" => fate).increment(1);
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const OK: &[u8] = b"{\"ok\":true}";

    fn device(n: u64) -> Serial {
        Serial::from_bits(n)
    }

    fn answered(question: &mut Question) -> bool {
        question.answer().now_or_never().is_some_and(|reply| reply.ok)
    }

    #[test]
    fn an_answer_finds_its_question_by_device_and_id_and_no_other() {
        let replies = Replies::default();
        let id = RequestId::of_question();
        let mut question = replies.open(device(1), id).unwrap();
        replies.take(device(2), Some(id.to_string().as_bytes()), OK);
        replies.take(device(1), Some(RequestId::of_question().to_string().as_bytes()), OK);
        replies.take(device(1), Some(b"\xff"), OK);
        replies.take(device(1), None, OK);
        replies.take(device(1), Some(id.to_string().as_bytes()), b"[]");
        assert!(!answered(&mut question));
        replies.take(device(1), Some(id.to_string().as_bytes()), OK);
        assert!(answered(&mut question));
    }

    #[test]
    fn a_device_without_correlation_data_answers_by_the_id_in_its_json() {
        let replies = Replies::default();
        let id = RequestId::of_question();
        let mut question = replies.open(device(1), id).unwrap();
        replies.take(device(1), None, format!("{{\"ok\":true,\"id\":\"{id}\"}}").as_bytes());
        assert!(answered(&mut question));
    }

    #[test]
    fn what_nobody_here_waits_for_is_told_to_the_others_once_and_heard_there() {
        let (here, there) = (Replies::default(), Replies::default());
        let (mut told, mut told_there) = (here.unclaimed(), there.unclaimed());
        let id = RequestId::of_question();
        let mut question = there.open(device(1), id).unwrap();
        here.take(device(1), Some(id.to_string().as_bytes()), OK);
        let answer = told.try_recv().expect("it is told");
        there.hear(Told::from(&answer));
        assert!(answered(&mut question));
        there.hear(Told::from(&answer));
        assert!(told_there.try_recv().is_err(), "what was heard is not told again");
    }

    #[test]
    fn a_question_that_is_given_up_leaves_nothing_behind_and_their_number_is_bounded() {
        let replies = Replies::default();
        let open = || replies.open(device(1), RequestId::of_question());
        let all: Vec<_> = (0..MOST_OPEN).map(|_| open().unwrap()).collect();
        assert_eq!(open().err(), Some(TooMany));
        drop(all);
        assert!(open().is_ok());
    }

    #[test]
    fn the_answer_of_an_errand_is_also_written_down() {
        let replies = Replies::default();
        let mut ledger = replies.ledger().expect("the first who asks gets it");
        assert!(replies.ledger().is_none());
        let id = RequestId::of_errand();
        replies.take(device(1), Some(id.to_string().as_bytes()), OK);
        assert_eq!(ledger.try_recv().map(|answer| answer.request), Ok(id));
    }
}
