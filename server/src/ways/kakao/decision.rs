//! What becomes of somebody who comes back from Kakao. Pure: everything it depends on is an argument.

use super::Trouble;
use super::person::Address;
use crate::db::UserId;

/// What is known here about the Kakao account and its address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Whose account here the Kakao account opens.
    pub opens: Option<UserId>,
    /// The account with the same mail address, and whether its address was proven.
    pub same_address: Option<(UserId, bool)>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Let them in.
    Enter(UserId),
    /// Connect it to the account that asked for it.
    Connect(UserId),
    /// Nothing: it is connected already.
    Settled,
    /// There is an account with this address: its owner must prove that first.
    Prove(UserId),
    /// Somebody typed this address once and never proved it was theirs: now its owner has come.
    Reclaim(UserId),
    /// Make an account with this address.
    Create(String),
    /// Not this way.
    Stop(Trouble),
}

/// A stranger comes back.
pub(super) fn for_stranger(address: &Address, known: Known) -> Next {
    match (known.opens, address, known.same_address) {
        (Some(owner), ..) => Next::Enter(owner),
        (None, Address::Missing, _) => Next::Stop(Trouble::NoMail),
        (None, Address::Unproven, _) => Next::Stop(Trouble::MailUnproven),
        (None, Address::Proven(_), Some((account, true))) => Next::Prove(account),
        (None, Address::Proven(_), Some((account, false))) => Next::Reclaim(account),
        (None, Address::Proven(address), None) => Next::Create(address.clone()),
    }
}

/// Somebody comes back who wants to connect Kakao to the account they have.
pub(super) fn for_owner(owner: UserId, known: Known) -> Next {
    match known.opens {
        None => Next::Connect(owner),
        Some(same) if same == owner => Next::Settled,
        Some(_) => Next::Stop(Trouble::TakenByAnother),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINA: UserId = UserId(1);
    const JUN: UserId = UserId(2);

    fn proven() -> Address {
        Address::Proven("mina@home.example".to_owned())
    }

    fn known(opens: Option<UserId>, same_address: Option<(UserId, bool)>) -> Known {
        Known { opens, same_address }
    }

    #[test]
    fn a_known_kakao_account_opens_whatever_has_become_of_its_address() {
        for address in [proven(), Address::Unproven, Address::Missing] {
            for same in [None, Some((JUN, true)), Some((JUN, false))] {
                assert_eq!(for_stranger(&address, known(Some(MINA), same)), Next::Enter(MINA));
            }
        }
    }

    #[test]
    fn an_address_alone_never_opens_an_account_that_is_there() {
        assert_eq!(
            for_stranger(&proven(), known(None, Some((MINA, true)))),
            Next::Prove(MINA)
        );
    }

    #[test]
    fn an_address_nobody_vouches_for_makes_and_opens_nothing() {
        for same in [None, Some((MINA, true)), Some((MINA, false))] {
            assert_eq!(
                for_stranger(&Address::Unproven, known(None, same)),
                Next::Stop(Trouble::MailUnproven)
            );
            assert_eq!(
                for_stranger(&Address::Missing, known(None, same)),
                Next::Stop(Trouble::NoMail)
            );
        }
    }

    #[test]
    fn a_new_address_makes_an_account_and_an_unproven_one_is_reclaimed() {
        let create = Next::Create("mina@home.example".to_owned());
        assert_eq!(for_stranger(&proven(), known(None, None)), create);
        assert_eq!(
            for_stranger(&proven(), known(None, Some((MINA, false)))),
            Next::Reclaim(MINA)
        );
    }

    #[test]
    fn connecting_takes_nobody_elses_kakao_account() {
        assert_eq!(for_owner(MINA, known(None, Some((JUN, true)))), Next::Connect(MINA));
        assert_eq!(for_owner(MINA, known(Some(MINA), None)), Next::Settled);
        assert_eq!(
            for_owner(MINA, known(Some(JUN), None)),
            Next::Stop(Trouble::TakenByAnother)
        );
    }
}
