//! Numbers that are written as digits alone.

/// The number, without a sign; `None` for other bytes, for none, and for more than 63 bits.
pub(crate) fn number(digits: &[u8]) -> Option<i64> {
    let add = |number: i64, digit: &u8| {
        let digit = char::from(*digit).to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    };
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}
