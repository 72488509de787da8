/**
 * How long an admin whom the operator names waits before the role is theirs: long enough that whoever the organization still has,
 * also an admin on leave, reads the mail and can stop it.
 */
export const adminRestMs = 7 * 24 * 60 * 60 * 1000;
