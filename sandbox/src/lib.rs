//! The WoTrus certificate service, simulated.
