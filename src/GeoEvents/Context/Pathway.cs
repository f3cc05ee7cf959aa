using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Context;

[JsonConverter(typeof(KebabCaseEnumConverter<StepState>))]
public enum StepState { Open, UnderWay, Done, Abandoned }

/// <summary>One step out of a crisis. Read from its bare title too.</summary>
/// <param name="Id">Names the step within its pathway: <c>s1</c>, <c>s2</c>, … unless another is given.</param>
/// <param name="Due">Day by which it is to be done; null if there is none.</param>
/// <param name="Incidents">Ids of the incidents that prove it.</param>
[JsonConverter(typeof(PathwayStepConverter))]
public sealed record PathwayStep(string Id, string Title, StepState State, DateOnly? Due, IReadOnlyList<string> Incidents);

public sealed class PathwayStepConverter : JsonConverter<PathwayStep>
{
    public override PathwayStep Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new PathwayStep("", reader.GetString()!, StepState.Open, null, []);
        }

        try
        {
            var whole = JsonSerializer.Deserialize<Whole>(ref reader, options) ?? throw new JsonException();
            return new PathwayStep(whole.Id, whole.Title, whole.State, whole.Due, whole.Incidents ?? []);
        }
        catch (JsonException)
        {
            // Thrown anew, so that the path is that of the step and not that within it.
            throw new JsonException("Not the title of a step, nor a step as title with id, state (open, under-way, done, abandoned), due (a day) and incidents (ids).");
        }
    }

    public override void Write(Utf8JsonWriter writer, PathwayStep value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Whole(value.Id, value.Title, value.State, value.Due, value.Incidents), options);

    private sealed record Whole(string Id = "", string Title = "", StepState State = StepState.Open, DateOnly? Due = null, IReadOnlyList<string>? Incidents = null);
}

/// <summary>Ordered steps out of a crisis, as a client lays them out.</summary>
public record PathwayContent
{
    /// <summary>Names the pathway within its workspace; made of its name if none is given.</summary>
    public string Id { get; init; } = "";

    public Dyad? Dyad { get; init; }

    public string Name { get; init; } = "";

    /// <summary>In the order in which they are to be taken.</summary>
    public IReadOnlyList<PathwayStep> Steps { get; init; } = [];

    /// <summary>With ids for itself and for the steps that have none.</summary>
    public PathwayContent Named() => this with { Id = Id.Length > 0 ? Id : ContextRules.Slug(Name), Steps = Named(Steps, []) };

    /// <summary>Steps with ids for those that have none: the first <c>s1</c>, <c>s2</c>, … that no other has.</summary>
    /// <param name="others">Steps that have theirs.</param>
    public static IReadOnlyList<PathwayStep> Named(IReadOnlyList<PathwayStep> steps, IReadOnlyList<PathwayStep> others)
    {
        var taken = steps.Concat(others).Select(s => s.Id).ToHashSet();
        var next = others.Count;
        return [.. steps.Select(step => step.Id.Length > 0 ? step : step with { Id = Next() })];

        string Next()
        {
            do
            {
                next++;
            }
            while (!taken.Add($"s{next}"));
            return $"s{next}";
        }
    }
}

/// <summary>A fact in the stream of one pathway.</summary>
public abstract record PathwayEvent;

/// <param name="Import">Id of the import that brought it; null if an analyst laid it out.</param>
public sealed record PathwayLaidOut(PathwayContent Pathway, string? Import = null) : PathwayEvent;

/// <summary>It has another name, other steps besides, or another order from now on.</summary>
/// <param name="Added">Steps that it did not have before.</param>
/// <param name="Order">Ids of all its steps, as they are to be taken.</param>
public sealed record PathwayAmended(
    string Id, Dyad Dyad, string Name, [property: KeepEmpty] IReadOnlyList<PathwayStep> Added, IReadOnlyList<string> Order, string Reason) : PathwayEvent;

/// <summary>How far one step has come.</summary>
/// <param name="Incidents">All that prove it from now on.</param>
public sealed record PathwayStepProgressed(
    string Id,
    Dyad Dyad,
    string Step,
    StepState OldState,
    StepState NewState,
    DateOnly? OldDue,
    DateOnly? NewDue,
    [property: KeepEmpty] IReadOnlyList<string> Incidents,
    string Reason) : PathwayEvent;

/// <summary>What one pathway's stream adds up to.</summary>
/// <param name="AsLaidOut">What it was laid out as: the same again is known.</param>
public sealed record Pathway(long Version, DateTimeOffset RecordedAt, PathwayContent Content, PathwayContent AsLaidOut)
{
    public static Pathway After(Pathway? before, PathwayEvent fact, DateTimeOffset recordedAt) => ((before, fact) switch
    {
        (null, PathwayLaidOut e) => new Pathway(0, recordedAt, e.Pathway, e.Pathway),
        (not null, PathwayAmended e) => before with
        {
            Content = before.Content with { Name = e.Name, Steps = InOrder([.. before.Content.Steps, .. e.Added], e.Order) },
        },
        (not null, PathwayStepProgressed e) => before with
        {
            Content = before.Content with
            {
                Steps = [.. before.Content.Steps.Select(s => s.Id == e.Step ? s with { State = e.NewState, Due = e.NewDue, Incidents = e.Incidents } : s)],
            },
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "a pathway")}."),
    }) with
    {
        Version = (before?.Version ?? 0) + 1,
        RecordedAt = recordedAt,
    };

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">It is on record otherwise.</exception>
    public static PathwayEvent? LayOut(PathwayContent content, Pathway? known, string? import = null) => known switch
    {
        null => new PathwayLaidOut(content, import),
        _ when Fields.Same(content, known.AsLaidOut) || Fields.Same(content, known.Content) => null,
        _ => throw new RefusedException(
            "pathway-exists",
            $"Pathway '{content.Id}' is on record with another content. Amend it, or choose another id.",
            problems: [FieldProblem.At("/id", "pathway-exists", "On record otherwise.")]),
    };

    /// <param name="added">Steps with ids that it does not have.</param>
    /// <param name="order">Ids of all steps, those added too.</param>
    /// <returns>Nothing when it is so already.</returns>
    public IEnumerable<PathwayEvent> Amend(string name, IReadOnlyList<PathwayStep> added, IReadOnlyList<string> order, string reason) =>
        name == Content.Name && order.SequenceEqual(Content.Steps.Select(s => s.Id))
            ? []
            : [new PathwayAmended(Content.Id, Content.Dyad!.Value, name, added, order, reason)];

    /// <returns>Nothing when the step has come so far already.</returns>
    public IEnumerable<PathwayEvent> Progress(PathwayStep from, PathwayStep to, string reason) =>
        from.State == to.State && from.Due == to.Due && from.Incidents.SequenceEqual(to.Incidents)
            ? []
            : [new PathwayStepProgressed(Content.Id, Content.Dyad!.Value, from.Id, from.State, to.State, from.Due, to.Due, to.Incidents, reason)];

    private static IReadOnlyList<PathwayStep> InOrder(IReadOnlyList<PathwayStep> steps, IReadOnlyList<string> order) =>
        [.. order.Select(id => steps.First(s => s.Id == id))];
}
