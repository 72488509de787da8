/** A session that was not used for this long has ended. ASVS 7.3.1. */
export const sessionIdleMs = 12 * 60 * 60 * 1000;

/** A session has ended this long after its sign-in, however much it was used. ASVS 7.3.2. */
export const sessionAbsoluteMs = 7 * 24 * 60 * 60 * 1000;

/** The last use is written at most this often, so that reading pages does not write rows. */
export const sessionTouchMs = 5 * 60 * 1000;
