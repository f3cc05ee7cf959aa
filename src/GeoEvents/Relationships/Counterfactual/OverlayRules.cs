using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>Which changes can be supposed, whatever is on record; by the same rules as logging and correcting.</summary>
public static class OverlayRules
{
    public const int MostChanges = 500;
    public const int LongestNote = 2_000;
    public const string NameRule = "The name of an overlay has 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen.";

    public static readonly TimeSpan DefaultLife = TimeSpan.FromDays(30);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    private const string Hypothetical = "hypothetical";

    /// <summary>An incident without a fault, on which a change of some fields is tried.</summary>
    private static readonly IncidentContent Sound = new()
    {
        Id = "sound",
        Occurred = "2000-01-01",
        Title = "Sound",
        Cameo = "010",
        Links = [new Link(ActorCode.Parse("AZE"), ActorCode.Parse("RUS"))],
    };

    public static bool IsName(string name) => WorkspaceConstraint.IsName(name);

    /// <summary>The changes one by one. What is added without an id is named <c>hypothetical:1</c>, in a stored overlay <c>hypothetical:NAME:1</c>.</summary>
    /// <param name="overlay">Name of the stored overlay that they are of; null if a request brings them.</param>
    public static IReadOnlyList<OverlayChange> Changes(OverlayChanges changes, string? overlay, string at = "/changes") =>
        [.. OverlayChange.All(changes, overlay is null ? Hypothetical : $"{Hypothetical}:{overlay}", at)];

    /// <summary>What is wrong with changes by themselves; all of it.</summary>
    public static IEnumerable<FieldProblem> Check(OverlayChanges changes, Method method, DateTimeOffset now, string at = "/changes")
    {
        if (changes.Count() > MostChanges)
        {
            return [FieldProblem.At(at, "too-many", $"At most {MostChanges} changes.")];
        }

        var all = Changes(changes, null, at);
        return all.Count == 0
            ? [FieldProblem.At(at, "required", "Say at least one change: drop, move, recode, reattribute or add.")]
            : all.SelectMany(change => Check(change, method, now)).Concat(Meetings(all));
    }

    /// <summary>What is wrong with the rest of a stored overlay.</summary>
    public static IEnumerable<FieldProblem> Check(string? note, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (TextRules.Fault(note, LongestNote, required: false, multiline: true) is { } fault)
        {
            yield return FieldProblem.At("/note", fault.Code, fault.Detail);
        }

        if (expiresAt is { } end && !(end > now && end - now <= LongestLife))
        {
            yield return FieldProblem.At("/expiresAt", "out-of-range", "An overlay expires after now and within 366 days.");
        }
    }

    private static IEnumerable<FieldProblem> Check(OverlayChange change, Method method, DateTimeOffset now)
    {
        if (change.Id.Length == 0)
        {
            yield return FieldProblem.At(change.IdAt, "required", "Name an incident by its id.");
        }
        else if (change is not AddChange && !IncidentRules.IsId(change.Id))
        {
            yield return FieldProblem.At(change.IdAt, "malformed", "Not the id of an incident.");
        }

        foreach (var problem in change switch
        {
            CorrectionChange correction => IncidentRules.Check(correction.Of(Sound), method, now, change.At).Where(p => Names(correction, p)),
            AddChange add => IncidentRules.Check(add.Draft.Named(add.Id), method, now, change.At)
                .Concat(IncidentRules.Check(add.Draft.Reports, $"{change.At}/reports"))
                .Concat(add.Draft.CheckGrade($"{change.At}/grade"))
                .Concat(add.Draft.Register?.Check($"{change.At}/register") ?? []),
            _ => [],
        })
        {
            yield return problem;
        }
    }

    /// <summary>One incident may be moved and recoded and reattributed, each once; what is dropped or added, no more than that.</summary>
    private static IEnumerable<FieldProblem> Meetings(IReadOnlyList<OverlayChange> all)
    {
        foreach (var of in all.Where(c => c.Id.Length > 0).GroupBy(c => c.Id))
        {
            foreach (var again in of.GroupBy(c => c.Kind).SelectMany(kind => kind.Skip(1)))
            {
                yield return FieldProblem.At(again.IdAt, "repeated", "The same is said of this incident twice.");
            }

            foreach (var other in of.DistinctBy(c => c.Kind).Skip(1).Where(_ => of.Any(c => c.Kind is ChangeKind.Drop or ChangeKind.Add)))
            {
                yield return FieldProblem.At(other.IdAt, "contradiction", "An incident that is dropped or added here cannot be changed besides.");
            }
        }
    }

    private static bool Names(CorrectionChange correction, FieldProblem problem) =>
        correction.Fields.Any(field => problem.Pointer == $"{correction.At}/{field}" || problem.Pointer!.StartsWith($"{correction.At}/{field}/", StringComparison.Ordinal));
}
