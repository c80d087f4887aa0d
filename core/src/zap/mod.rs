//! Floor 4, trust: PUF, fuzzy extractor, enrolment, join, device private network, message protection.
