/** A command line that cannot be understood; the exit code is 64 (EX_USAGE of sysexits.h). */
export class UsageError extends Error {
  constructor(
    message: string,
    /** Whose help to point at; `null`: the general one. */
    readonly command: string | null = null,
  ) {
    super(message)
  }
}

/** What a process answers to the shell; 130 and 143 come from the signal. */
export const EXIT = { ok: 0, failed: 1, changes: 2, usage: 64 } as const
