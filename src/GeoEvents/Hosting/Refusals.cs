namespace GeoEvents.Hosting;

/// <summary>The request itself is wrong, whatever is on record. Answered 400 with every fault found.</summary>
public sealed class InvalidRequestException(IReadOnlyList<FieldProblem> problems) : Exception(problems[0].Detail)
{
    public InvalidRequestException(FieldProblem problem)
        : this([problem])
    {
    }

    public IReadOnlyList<FieldProblem> Problems { get; } = problems;

    /// <exception cref="InvalidRequestException">There is at least one problem.</exception>
    public static void ThrowIfAny(IEnumerable<FieldProblem> problems)
    {
        if (problems.ToList() is { Count: > 0 } found)
        {
            throw new InvalidRequestException(found);
        }
    }
}

/// <summary>A well-formed request that the record as it stands does not allow. Answered with <paramref name="status"/>, 409 unless said otherwise.</summary>
/// <param name="code">Stable, documented name that clients may branch on, such as <c>incident-retracted</c>; see docs/problems.md.</param>
/// <param name="reason">One sentence for a person.</param>
public sealed class RefusedException(string code, string reason, int status = StatusCodes.Status409Conflict, IReadOnlyList<FieldProblem>? problems = null)
    : Exception(reason)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public IReadOnlyList<FieldProblem>? Problems { get; } = problems;

    /// <summary>After how long it is worth asking again; null if time changes nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RefusedException KeyReused() => new(
        "idempotency-key-reused", "This Idempotency-Key came with another request before.", StatusCodes.Status422UnprocessableEntity);

    public static RefusedException NotFound(string what, string id) =>
        new($"{what}-not-found", $"There is no {what} '{id}' in this workspace at that point of the record.", StatusCodes.Status404NotFound);
}
