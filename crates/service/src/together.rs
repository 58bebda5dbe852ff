//! Answers in one go what several tasks ask at the same moment: under load many requests share one
//! statement, and a request that comes alone waits for nobody.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Questions that wait, each with the one who asks, and whose turn it is to answer them.
#[derive(Debug)]
pub(crate) struct Together<Q, A> {
    waiting: Mutex<Vec<(Q, oneshot::Sender<A>)>>,
    turn: tokio::sync::Mutex<()>,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<Q: Send + 'static, A: Send + 'static> Together<Q, A> {
    /// Asks, and returns what `work` answers; it begins after the question was asked and answers
    /// all that wait by then, one answer a question. None when there is no answer.
    pub async fn ask<F>(self: &Arc<Self>, question: Q, work: impl FnOnce(Vec<Q>) -> F + Send + 'static) -> Option<A>
    where
        F: Future<Output = Vec<A>> + Send,
    {
        let (tell, told) = oneshot::channel();
        self.waiting().push((question, tell));
        let shared = Arc::clone(self);
        // A task of its own: a caller that goes away must not take the questions of others with it.
        tokio::spawn(async move {
            let _turn = shared.turn.lock().await;
            let (questions, askers): (Vec<_>, Vec<_>) = std::mem::take(&mut *shared.waiting()).into_iter().unzip();
            if questions.is_empty() {
                // Somebody answered while this one waited for its turn.
                return;
            }
            for (asker, answer) in askers.into_iter().zip(work(questions).await) {
                // Nobody listens when the caller has gone.
                let _ = asker.send(answer);
            }
        });
        told.await.ok()
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(Q, oneshot::Sender<A>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Together;

    #[tokio::test]
    async fn what_is_asked_while_another_answer_is_made_is_answered_together() {
        let together = Arc::new(Together::<u32, (u32, usize)>::default());
        let (start, begun) = tokio::sync::oneshot::channel::<()>();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let first = together.ask(1, |q| async move {
            let _ = start.send(());
            let _ = released.await;
            vec![(q[0], q.len())]
        });
        let answer = |q: Vec<u32>| async move {
            let count = q.len();
            q.into_iter().map(|one| (one, count)).collect()
        };
        let rest = async {
            begun.await.expect("the first answer is being made");
            let asked = futures::future::join(together.ask(2, answer), together.ask(3, answer));
            let let_go = async {
                while together.waiting().len() < 2 {
                    tokio::task::yield_now().await;
                }
                let _ = release.send(());
            };
            futures::future::join(asked, let_go).await.0
        };
        let (first, (second, third)) = futures::future::join(first, rest).await;
        assert_eq!((first, second, third), (Some((1, 1)), Some((2, 2)), Some((3, 2))));
    }

    #[tokio::test]
    async fn a_question_without_an_answer_is_told_so() {
        let together = Arc::new(Together::<u32, u32>::default());
        assert_eq!(together.ask(1, |_| async { Vec::new() }).await, None);
    }
}
