using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Actors;

/// <summary>An actor as a client registers it.</summary>
public sealed record ActorDraft
{
    public ActorCode Code { get; init; }

    public string? Name { get; init; }

    public ActorKind? Kind { get; init; }

    public IReadOnlyList<Membership>? Members { get; init; }

    /// <summary>The actor it acts for or belongs to.</summary>
    public ActorCode? Affiliation { get; init; }
}

/// <summary>Which actors can be registered.</summary>
public static class ActorRules
{
    private const int MostMembers = 500;

    public static IEnumerable<FieldProblem> Check(ActorDraft draft, string at)
    {
        if (draft.Code == default)
        {
            yield return FieldProblem.At($"{at}/code", "required", "An actor needs a code of 3 to 12 capital letters and digits.");
        }

        if (TextRules.Fault(draft.Name, 200, required: true, multiline: false) is { } fault)
        {
            yield return FieldProblem.At($"{at}/name", fault.Code, fault.Detail);
        }

        if (States.Find(draft.Code) is not null)
        {
            yield return FieldProblem.At($"{at}/code", "reserved", "ISO 3166-1 gives this code to a state, and every workspace knows it.");
        }
        else if (draft.Kind is ActorKind.State)
        {
            yield return FieldProblem.At($"{at}/kind", "reserved", "States are those of ISO 3166-1.");
        }

        var members = draft.Members ?? [];
        if (members.Count > MostMembers)
        {
            yield return FieldProblem.At($"{at}/members", "too-many", $"At most {MostMembers}.");
        }

        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Actor == default || members[i].Actor == draft.Code)
            {
                yield return FieldProblem.At($"{at}/members/{i}/actor", "malformed", "A member is another actor.");
            }

            if (members[i].From > members[i].To)
            {
                yield return FieldProblem.At($"{at}/members/{i}/to", "out-of-range", "A membership ends after it begins.");
            }
        }
    }

    public static ActorRegistered Fact(ActorDraft draft) =>
        new(draft.Code, draft.Name ?? "", draft.Kind ?? ActorKind.Other, draft.Members ?? [], draft.Affiliation);

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">It is on record otherwise.</exception>
    public static ActorEvent? Register(ActorDraft draft, Actor? known, string at)
    {
        var fact = Fact(draft);
        return known switch
        {
            null => fact,
            _ when known.Name == fact.Name && known.Kind == fact.Kind && known.Affiliation == fact.Affiliation && known.Members.SequenceEqual(fact.Members) => null,
            _ => throw new RefusedException(
                "actor-exists",
                $"Actor '{draft.Code}' is on record with another name, kind, members or affiliation. Amend it, or leave it out here.",
                problems: [FieldProblem.At(at, "actor-exists", "On record otherwise.")]),
        };
    }

    /// <exception cref="InvalidRequestException">A member or the affiliation is not on record.</exception>
    public static void CheckNamed(IReadOnlyList<Membership> members, ActorCode? affiliation, RecordView record) => InvalidRequestException.ThrowIfAny(
        members.Select((m, i) => (Code: m.Actor, Pointer: $"/members/{i}/actor"))
            .Concat(affiliation is { } a ? [(a, "/affiliation")] : [])
            .Where(n => record.FindActor(n.Code) is null)
            .Select(n => FieldProblem.At(n.Pointer, "unknown-actor", $"There is no actor '{n.Code}'.")));

    public static Answer Answer(int status, string workspace, Actor actor) =>
        Answers.Of(status, $"/api/v1/{workspace}/actors/{actor.Code}", actor.Version, actor);
}
