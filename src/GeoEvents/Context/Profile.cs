using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>A fact in the stream of one actor's profile.</summary>
public abstract record ProfileEvent;

/// <summary>What an actor wants and what holds it back, from now on.</summary>
/// <param name="Import">Id of the import that brought it; null if an analyst stated it.</param>
public sealed record ProfileStated(
    ActorCode Actor,
    [property: KeepEmpty] IReadOnlyList<string> Goals,
    [property: KeepEmpty] IReadOnlyList<string> Constraints,
    string? Note,
    string Reason,
    string? Import = null) : ProfileEvent;

/// <summary>What an actor wants and what holds it back, as analysts state it.</summary>
/// <param name="Version">How many facts the stream holds; the ETag. 0 if nobody has stated anything.</param>
public sealed record Profile(
    ActorCode Actor,
    [property: KeepEmpty] IReadOnlyList<string> Goals,
    [property: KeepEmpty] IReadOnlyList<string> Constraints,
    string? Note,
    long Version,
    DateTimeOffset? RecordedAt)
{
    /// <summary>Of whom nothing was stated.</summary>
    public static Profile Unstated(ActorCode actor) => new(actor, [], [], null, 0, null);

    public static Profile After(Profile? before, ProfileEvent fact, DateTimeOffset recordedAt) => fact switch
    {
        ProfileStated e => new Profile(e.Actor, e.Goals, e.Constraints, e.Note, (before?.Version ?? 0) + 1, recordedAt),
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not a fact of a profile."),
    };

    /// <returns>Nothing when it is stated so already.</returns>
    public IEnumerable<ProfileEvent> State(ProfileDraft draft, string? import = null)
    {
        var (goals, constraints) = (draft.Goals ?? [], draft.Constraints ?? []);
        return goals.SequenceEqual(Goals) && constraints.SequenceEqual(Constraints) && draft.Note == Note
            ? []
            : [new ProfileStated(Actor, goals, constraints, draft.Note, draft.Reason, import)];
    }
}

/// <summary>A profile as a client states it, whole.</summary>
/// <param name="Goals">Short texts, the most important first.</param>
public sealed record ProfileDraft(string Reason = "", IReadOnlyList<string>? Goals = null, IReadOnlyList<string>? Constraints = null, string? Note = null)
{
    /// <summary>What is wrong with it by itself, whatever is on record.</summary>
    public IEnumerable<FieldProblem> Check(string at) =>
        ContextRules.Texts($"{at}/goals", Goals ?? [])
            .Concat(ContextRules.Texts($"{at}/constraints", Constraints ?? []))
            .Concat(ContextRules.Text($"{at}/note", Note, ContextRules.LongestText, multiline: true))
            .Concat(Goals is { Count: > 0 } || Constraints is { Count: > 0 } || Note is not null
                ? []
                : [FieldProblem.At($"{at}/goals", "required", "A profile states at least a goal, a constraint or a note.")]);
}

/// <summary>States an actor's profile, in place of what was stated before.</summary>
public sealed class StateProfile(Call call, ActorCode actor, ProfileDraft draft)
    : StreamDecision<Profile>(call, StreamKey.Profile(actor), StreamKey.Actor(actor))
{
    protected override IEnumerable<object> Change(Profile? before, RecordView record, DateTimeOffset recordedAt)
    {
        record.Actor(actor);
        var profile = before ?? Profile.Unstated(actor);
        Call.RefuseUnlessAt(profile.Version, "profile");
        return profile.State(draft);
    }

    protected override Answer Answer(Profile state, Outcomes outcome) => Answers.Of(
        outcome == Outcomes.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        $"/api/v1/{Call.Workspace}/actors/{actor}/profile",
        state.Version,
        state);
}
