using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Context;

/// <summary>Something that actors contest, as a client describes it.</summary>
public record StakeContent
{
    /// <summary>Names the stake within its workspace.</summary>
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>Free text, such as <c>transport corridor</c>.</summary>
    public string? Kind { get; init; }

    public Place? Place { get; init; }

    public IReadOnlyList<ActorCode> HeldBy { get; init; } = [];

    public IReadOnlyList<ActorCode> SoughtBy { get; init; } = [];

    /// <summary>Tags; an incident that carries one of them touches the stake. The stake's id is one without being named.</summary>
    public IReadOnlyList<string> Issues { get; init; } = [];

    /// <summary>Ids of incidents that touch it besides.</summary>
    public IReadOnlyList<string> Incidents { get; init; } = [];
}

/// <summary>A fact in the stream of one stake.</summary>
public abstract record StakeEvent;

/// <param name="Import">Id of the import that brought it; null if an analyst registered it.</param>
public sealed record StakeRegistered(StakeContent Stake, string? Import = null) : StakeEvent;

/// <summary>Named fields have other values from now on.</summary>
public sealed record StakeAmended(string Id, [property: KeepEmpty] IReadOnlyList<FieldChange> Changes, string Reason) : StakeEvent;

/// <summary>Nobody contests it any more, or it was no stake. It stays readable.</summary>
public sealed record StakeRetired(string Id, string Reason) : StakeEvent;

/// <summary>Something that actors contest: who holds it, who seeks it, what touches it.</summary>
/// <param name="AsRegistered">What it was registered as: the same again is known.</param>
public sealed record Stake(long Version, DateTimeOffset RecordedAt, StakeContent Content, bool Retired, StakeContent AsRegistered)
{
    /// <summary>Tags by which incidents touch it.</summary>
    public IEnumerable<string> Tags => Content.Issues.Append(Content.Id).Distinct();

    public static Stake After(Stake? before, StakeEvent fact, DateTimeOffset recordedAt) => ((before, fact) switch
    {
        (null, StakeRegistered e) => new Stake(0, recordedAt, e.Stake, false, e.Stake),
        (not null, StakeAmended e) => before with { Content = Fields.Patch(before.Content, e.Changes) },
        (not null, StakeRetired) => before with { Retired = true },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "a registration")}."),
    }) with
    {
        Version = (before?.Version ?? 0) + 1,
        RecordedAt = recordedAt,
    };

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">It is on record otherwise.</exception>
    public static StakeEvent? Register(StakeContent content, Stake? known, string? import = null) => known switch
    {
        null => new StakeRegistered(content, import),
        _ when Fields.Same(content, known.AsRegistered) || Fields.Same(content, known.Content) => null,
        _ => throw new RefusedException(
            "stake-exists",
            $"Stake '{content.Id}' is on record with another content. Amend it, or choose another id.",
            problems: [FieldProblem.At("/id", "stake-exists", "On record otherwise.")]),
    };

    /// <returns>Nothing when it is so already.</returns>
    /// <exception cref="RefusedException">It is retired.</exception>
    public IEnumerable<StakeEvent> Amend(StakeContent content, string reason)
    {
        if (Retired)
        {
            throw new RefusedException("stake-retired", "The stake is retired. Register another.");
        }

        return Fields.Difference(Content, content, StakeRules.Amendable) is { Count: > 0 } changes ? [new StakeAmended(Content.Id, changes, reason)] : [];
    }

    /// <returns>Nothing when it is retired already.</returns>
    public IEnumerable<StakeEvent> Retire(string reason) => Retired ? [] : [new StakeRetired(Content.Id, reason)];

    /// <summary>Whether one of these actors holds or seeks it.</summary>
    public bool Involves(params IReadOnlyCollection<ActorCode> actors) => Content.HeldBy.Concat(Content.SoughtBy).Any(actors.Contains);
}
