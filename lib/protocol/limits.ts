/** The largest frame either side sends. Larger ones close with 1009; imports go over HTTP. */
export const frameBytesMax = 512 * 1024;

/** The largest text: the encoded state of a room. */
export const stateBytesMax = 2 * 1024 * 1024;

/** Above this, in bytes of state, only organizations write on that placed less than `ownBytesMax` of it: nobody can fill a text for the others. */
export const sharedBytesMax = 1.5 * 1024 * 1024;

/** See `sharedBytesMax`. */
export const ownBytesMax = 1024 * 1024;

/** Up to here, in bytes of state, a text takes what only deletes: else nobody could make a full one shorter. */
export const deletingBytesMax = 2 * stateBytesMax;

/** Insertions a room takes in its whole life, counted in characters and elements. */
export const insertionsMax = 8_000_000;

/** Updates per second of one connection; more are left waiting in its socket. */
export const updatesPerSecondMax = 200;

/** Bytes per second of one connection; more are left waiting in its socket. */
export const bytesPerSecondMax = 1024 * 1024;

/** Work that the frames of one person may cost the event loop in a second, over all their sockets, in ms; more waits. */
export const workMsPerSecond = 250;

/** So much of it at once, in ms: the tabs of a browser that was away for a day come back together. */
export const workBurstMs = 1_000;

/** Work of one person within one turn of the event loop, in ms, after which they rest as long as it took. */
export const workTurnMs = 10;

/** Work of one person within one turn of the event loop, in ms, that others notice. */
export const longWorkTurnMs = 20;

/** Of such work one person gets so much in a second, in ms: it must stay below a hundredth of everybody's time. */
export const longWorkMsPerSecond = 10;

/** So much of it at once, in ms. */
export const longWorkBurstMs = 1_000;

/** The longest that a frame waits for what others of the same person have cost. */
export const workWaitMsMax = 30_000;

/** One awareness state as JSON. */
export const presenceBytesMax = 1024;

/** Awareness frames per second of one connection; more are dropped. */
export const presencePerSecondMax = 20;

/** How often awareness is sent on at most: all that changed since the last time in one frame for everyone. */
export const presenceTickMs = 100;

/** What a room may say of who is where, to everyone together. More is said less often: of 100 people who all move, each hears of 100. */
export const presenceRoomBytesPerSecond = 2 * 1024 * 1024;

/** The longest that somebody's move waits for that. */
export const presenceTickMsMax = 2_000;

/** A state that says nothing new is sent on no sooner than this; the stock client takes one for gone that is silent for 30 s. */
export const presenceRepeatMs = 10_000;

/** Unsent bytes of a connection at which it gets nothing more until it has read, then the whole state. */
export const bufferedBytesPause = 1024 * 1024;

/** Unsent bytes at which a connection is closed. */
export const bufferedBytesMax = 8 * 1024 * 1024;

/** How long a connection that lags may read nothing at all before it is closed. */
export const laggingMsMax = 30_000;

/** A line that brings this much is one that a text can be read over, however long it takes. */
export const slowestBytesPerSecond = 16 * 1024;

/** The longest that client or server waits without a sign of the other while a large text is on its way: the largest one over the slowest line. */
export const patienceMsMax = 130_000;

/** Accepted and not yet committed bytes of a room at which its sockets are no longer read. */
export const pendingBytesMax = 4 * 1024 * 1024;

/** Bytes that are read of a socket after it was turned away at the door. */
export const strangerBytesMax = 64 * 1024;

/** Open sockets of one user on one server. */
export const socketsPerUserMax = 32;

/** ClientIDs leased to one user in one room, for good. */
export const leasesPerUserMax = 5_000;

/** Longest wait for the decision on an upgrade. */
export const upgradeMsMax = 10_000;

/** A silent connection is spoken to this often, so that the stock client does not take it for dead after 30 s. */
export const keepAliveMs = 15_000;

/** How long an empty room stays in memory. */
export const roomIdleMs = 30_000;

/** The longest a freeze waits for what is under way. */
export const freezeDrainMsMax = 10_000;

/** How long a room is held for a freeze that does not come. */
export const freezeHoldMsMax = 30_000;

/** How often the rights of a silent connection are looked at again, beside the changes that are announced. */
export const recheckMs = 30_000;

/** How old the last look at a right may be for an update to be taken on it. */
export const rightsMsMax = 2_000;

/** Upgrades from one address, or with one session, within a minute that may fail for who asks; after them it is not even looked who it is. */
export const failedAttemptsPerMinuteMax = 60;

/** The same for an address as long as those who come from it name a session of which nothing is known: it may be a colleague's. */
export const failedWithSessionPerMinuteMax = 240;

/** Upgrades of one user within a minute. */
export const upgradesPerMinuteMax = 240;
