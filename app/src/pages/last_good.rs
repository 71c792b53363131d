//! Keeps a page standing when a refresh of its data fails: the old answer shows its own age.

use leptos::prelude::*;

use crate::error::AppError;

/// The last good answer to a question.
pub struct LastGood<Q: 'static, T: 'static>(StoredValue<Option<(Q, T)>>);

impl<Q, T> Clone for LastGood<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, T> Copy for LastGood<Q, T> {}

impl<Q, T> LastGood<Q, T>
where
    Q: PartialEq + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Nothing known yet.
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Passes an answer on; a passing failure is replaced by the last good answer to the same question.
    pub fn settle(self, question: Q, answer: Result<T, AppError>) -> Result<T, AppError> {
        match answer {
            Ok(good) => {
                self.0.set_value(Some((question, good.clone())));
                Ok(good)
            }
            Err(AppError::Unavailable | AppError::Internal) => self.0.with_value(|kept| match kept {
                Some((asked, good)) if *asked == question => Ok(good.clone()),
                _ => answer,
            }),
            Err(_) => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_failure_keeps_the_last_answer_to_the_same_question_only() {
        Owner::new().with(|| {
            let kept = LastGood::new();
            assert_eq!(
                kept.settle("a", Err(AppError::Unavailable)),
                Err::<i32, _>(AppError::Unavailable)
            );
            assert_eq!(kept.settle("a", Ok(1)), Ok(1));
            assert_eq!(kept.settle("a", Err(AppError::Unavailable)), Ok(1));
            assert_eq!(kept.settle("b", Err(AppError::Unavailable)), Err(AppError::Unavailable));
            assert_eq!(
                kept.settle("a", Err(AppError::Unauthenticated)),
                Err(AppError::Unauthenticated)
            );
        });
    }
}
