/** One thing that is wrong with a request, and where. */
export interface FieldError {
  /** JSON pointer into the body, or the name of a parameter. */
  pointer?: string;
  parameter?: string;
  code: string;
  detail: string;
}

/** An answer of the service that is no success, as RFC 9457 has it; or no answer at all (`status` 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
    this.name = 'Problem';
  }

  /** What is wrong at a place of the body, as `/occurred`. */
  at(pointer: string): string | undefined {
    return this.errors.find((e) => e.pointer === pointer)?.detail;
  }

  static fromAnswer(status: number, body: unknown): Problem {
    const p = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const type = String(p.type ?? '').replace('urn:geoevents:problem:', '');
    return new Problem(
      status,
      type || 'internal-error',
      String(p.detail ?? p.title ?? `HTTP ${status}`),
      Array.isArray(p.errors) ? (p.errors as FieldError[]) : [],
    );
  }

  /** Whatever was thrown; what is no problem of the service means that it was not reached. */
  static from(thrown: unknown): Problem {
    return thrown instanceof Problem ? thrown : new Problem(0, 'unreachable', thrown instanceof Error ? thrown.message : String(thrown));
  }
}
