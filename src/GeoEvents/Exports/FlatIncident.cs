using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Exports;

/// <summary>One named value of a flat table: text, number, truth, instant, or null for none.</summary>
public sealed record Column<T>(string Name, Func<T, object?> Value);

/// <summary>An incident with what its flat values are worked out from.</summary>
public sealed record FlatIncident(ExportedIncident Exported, ExportScope Scope, ExportRegistry Registry)
{
    public Incident Incident => Exported.Incident;

    public IncidentContent Content => Exported.Content;

    public Score? Score { get; } = Exported.ScoreBy(Scope.Method);

    public CredibilityView Credibility { get; } = Exported.CredibilityBy(Scope.Method);
}

/// <summary>The flat values of an incident, in a fixed order: the columns of CSV, the properties of GeoJSON. docs/exports.md says what they mean.</summary>
public static class FlatColumns
{
    private const string Separator = "; ";

    public static IReadOnlyList<Column<FlatIncident>> OfIncident { get; } =
    [
        new("id", i => i.Content.Id),
        new("occurred", i => i.Content.Occurred),
        new("zone", i => i.Content.Zone),
        new("tau", i => i.Incident.Interval.Tau),
        new("earliest", i => i.Incident.Interval.Earliest),
        new("latest", i => i.Incident.Interval.Latest),
        new("title", i => i.Content.Title),
        new("summary", i => i.Content.Summary),
        new("type", i => i.Content.Type),
        new("cameo", i => i.Content.Cameo),
        new("kind", i => i.Exported.KindBy(i.Scope.Method)),
        new("quad", i => i.Score is { } score ? KebabCaseEnumConverter.NameOf(score.Quad) : null),
        new("rung", i => i.Score?.Rung),
        new("weight", i => i.Score?.Weight),
        new("dyads", i => string.Join(Separator, i.Content.Dyads)),
        new("others", i => Joined(i.Content.Others.Select(o => $"{o.Actor} {KebabCaseEnumConverter.NameOf(o.Role)}"))),
        new("deaths", i => i.Content.Deaths?.Best),
        new("deathsLow", i => i.Content.Deaths?.Low),
        new("deathsHigh", i => i.Content.Deaths?.High),
        new("injured", i => i.Content.Injured?.Best),
        new("injuredLow", i => i.Content.Injured?.Low),
        new("injuredHigh", i => i.Content.Injured?.High),
        new("detained", i => i.Content.Detained?.Best),
        new("detainedLow", i => i.Content.Detained?.Low),
        new("detainedHigh", i => i.Content.Detained?.High),
        new("intent", i => NameOf(i.Content.Intent)),
        new("opensMeasure", i => i.Content.Measure?.Opens == true ? true : null),
        new("closesMeasure", i => i.Content.Measure?.Closes),
        new("respondsTo", i => i.Content.RespondsTo),
        new("issues", i => Joined(i.Content.Issues)),
        new("credibility", i => i.Credibility.Value),
        new("credibilityRule", i => NameOf<CredibilityRule>(i.Credibility.Rule)),
        new("supporting", i => Joined(SourcesOf(i, Stance.Supports))),
        new("denying", i => Joined(SourcesOf(i, Stance.Denies))),
        new("placeName", i => i.Content.Place?.Name),
        new("country", i => i.Content.Place?.Country?.ToString()),
        new("latitude", i => i.Content.Place?.Latitude),
        new("longitude", i => i.Content.Place?.Longitude),
        new("precision", i => NameOf(i.Content.Place?.Precision)),
        new("handling", i => NameOf(i.Content.Handling)),
        new("likelihoodLow", i => i.Content.Assessment?.Likelihood?[0]),
        new("likelihoodHigh", i => i.Content.Assessment?.Likelihood?[1]),
        new("likelihoodWords", i => i.Content.Assessment?.Likelihood is [var low, var high] ? Icd203.Words(low, high) : null),
        new("analyticConfidence", i => NameOf(i.Content.Assessment?.Confidence)),
        new("assessmentNote", i => i.Content.Assessment?.Note),
        new("sourceRecordedAt", i => i.Content.SourceRecordedAt),
        new("loggedAt", i => i.Exported.LoggedAt),
        new("recordedAt", i => i.Incident.RecordedAt),
        new("position", i => i.Incident.Position),
        new("version", i => i.Incident.Version),
        new("changeClass", i => NameOf<ChangeClass>(i.Incident.Change)),
        new("import", i => i.Incident.Import),
    ];

    public static IReadOnlyList<Column<(FlatIncident Incident, int Link)>> OfLink { get; } =
    [
        new("link", l => l.Link + 1),
        new("dyad", l => LinkOf(l).Dyad.ToString()),
        new("actor", l => LinkOf(l).Actor.ToString()),
        new("actorName", l => l.Incident.Registry.NameOf(LinkOf(l).Actor)),
        new("actorRole", l => LinkOf(l).ActorRole),
        new("recipient", l => LinkOf(l).Recipient.ToString()),
        new("recipientName", l => l.Incident.Registry.NameOf(LinkOf(l).Recipient)),
        new("recipientRole", l => LinkOf(l).RecipientRole),
        new("attribution", l => LinkOf(l).Attribution),
    ];

    public static IReadOnlyList<Column<ExportScope>> OfScope { get; } =
    [
        new("workspace", s => s.Workspace),
        new("knownAsOf", s => s.Known.Position),
        new("knownAt", s => s.Known.RecordedAt),
        new("validAsOf", s => s.Valid),
        new("method", s => s.Method.Id),
        new("counterfactual", s => s.Mark),
    ];

    private static Link LinkOf((FlatIncident Incident, int Link) at) => at.Incident.Content.Links[at.Link];

    private static string? NameOf<T>(T? value) where T : struct, Enum => value is { } given ? KebabCaseEnumConverter.NameOf(given) : null;

    private static string? Joined(IEnumerable<string> texts) => string.Join(Separator, texts) is { Length: > 0 } joined ? joined : null;

    private static IEnumerable<string> SourcesOf(FlatIncident incident, Stance stance) =>
        incident.Incident.Reports.Where(r => r.Stance == stance).Select(r => r.Source).Distinct();
}
