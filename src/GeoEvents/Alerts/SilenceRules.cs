using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

/// <summary>A silence as a client asks for it.</summary>
/// <param name="Id">Names it within its workspace; made by the service if none is given.</param>
/// <param name="Dyads">Of these relationships; none: of all.</param>
/// <param name="Rules">By these rules; none: by all.</param>
/// <param name="From">From then on; from when it is recorded on if not said.</param>
/// <param name="Until">Up to then, this instant excluded.</param>
public sealed record SilenceDraft(
    string Id = "", IReadOnlyList<Dyad>? Dyads = null, IReadOnlyList<string>? Rules = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, string Reason = "")
{
    public const int MostNames = 200;

    /// <param name="now">When it begins if it does not say.</param>
    public Silence At(DateTimeOffset now) => new(Id, Dyads ?? [], Rules ?? [], From ?? now, Until!.Value, Reason);

    /// <summary>What can be seen of it alone.</summary>
    public IEnumerable<FieldProblem> Check()
    {
        if (!IncidentRules.IsId(Id))
        {
            yield return FieldProblem.At("/id", "malformed", "An id has 1 to 128 letters, digits, or . _ ~ : - and begins with a letter or digit.");
        }

        foreach (var problem in Names("/dyads", Dyads ?? []).Concat(Names("/rules", Rules ?? [])).Concat(Reasons.Check(Reason)))
        {
            yield return problem;
        }

        foreach (var (i, rule) in (Rules ?? []).Index().Where(r => !RuleRules.IsId(r.Item)))
        {
            yield return FieldProblem.At($"/rules/{i}", "malformed", "Not the id of a rule.");
        }

        if (Until is null)
        {
            yield return FieldProblem.At("/until", "required", "Say when it ends.");
        }
        else if (Until <= From)
        {
            yield return FieldProblem.At("/until", "contradiction", "It ends after it begins.");
        }
    }

    /// <summary>What is wrong with it in the light of the record.</summary>
    public IEnumerable<FieldProblem> Check(RecordView record, DateTimeOffset now)
    {
        if (Until <= now)
        {
            yield return FieldProblem.At("/until", "out-of-range", "A silence ends after it was set: that instant has passed.");
        }

        if (From < now)
        {
            yield return FieldProblem.At("/from", "out-of-range", "What was sent cannot be unsent: a silence begins when it is set, or later. Leave from out to begin at once.");
        }

        foreach (var (i, dyad) in (Dyads ?? []).Index())
        {
            foreach (var actor in new[] { dyad.First, dyad.Second }.Where(a => record.FindActor(a) is null))
            {
                yield return FieldProblem.At($"/dyads/{i}", "unknown-actor", $"There is no actor '{actor}'.");
            }
        }

        foreach (var (i, rule) in (Rules ?? []).Index().Where(r => record.Find<Rule>(StreamKey.AlertRule(r.Item)) is null))
        {
            yield return FieldProblem.At($"/rules/{i}", "unknown-rule", $"There is no rule '{rule}'.");
        }
    }

    /// <summary>The streams of rules and actors that it names.</summary>
    public IEnumerable<StreamKey> Named() =>
        (Rules ?? []).Select(StreamKey.AlertRule)
            .Concat((Dyads ?? []).SelectMany(d => new[] { d.First, d.Second }).Where(a => States.Find(a) is null).Select(StreamKey.Actor))
            .Distinct();

    private static IEnumerable<FieldProblem> Names<T>(string at, IReadOnlyList<T> names) =>
    [
        .. names.Count > MostNames ? [FieldProblem.At(at, "too-many", $"At most {MostNames}.")] : Array.Empty<FieldProblem>(),
        .. names.Index().Where(n => names.Take(n.Index).Contains(n.Item)).Select(n => FieldProblem.At($"{at}/{n.Index}", "repeated", "It is given twice.")),
    ];
}
