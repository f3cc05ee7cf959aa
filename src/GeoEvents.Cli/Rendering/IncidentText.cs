using System.Text.Json;
using GeoEvents.Cli.Service;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Cli.Rendering;

/// <summary>An incident: what is said of it, by whom, and how its record came about.</summary>
public static class IncidentText
{
    public static void Print(Screen screen, IncidentAnswer incident)
    {
        screen.Marked($"[bold]{Screen.Safe(incident.Title)}[/]{(incident.Retracted ? "  [red]RETRACTED: it does not count[/]" : "")}");
        Fact("Id", incident.Id);
        foreach (var link in incident.Links)
        {
            var (actor, recipient) = (Party(link.Actor, link.ActorRole), Party(link.Recipient, link.RecipientRole));
            Fact("Who", $"{actor} → {recipient}{(link.Attribution < 1 ? $", attribution {Words.Share(link.Attribution)}" : "")}");
        }

        foreach (var other in incident.Others)
        {
            Fact("Also", $"{other.Actor}, {Words.Kebab(other.Role)}");
        }

        Fact("What", string.Join(", ", new[] { incident.Type, incident.Cameo is { } cameo ? $"CAMEO {cameo}" : null }.OfType<string>()));
        Fact("When", $"{incident.Occurred}{(incident.Zone is { } zone ? $" ({zone})" : "")}, counted at {Words.Instant(incident.Tau)}");
        Fact("Where", incident.Place is { } place ? Where(place) : null);
        Fact("People", string.Join(", ", new[] { People(incident.Deaths, "dead"), People(incident.Injured, "injured"), People(incident.Detained, "detained") }.OfType<string>()));
        Fact("Intent", incident.Intent is { } intent ? Words.Kebab(intent) : null);
        Fact("Measure", incident.Measure switch { { Opens: true } => "opens one", { Closes: { } closes } => $"closes {closes}", _ => null });
        Fact("Answers", incident.RespondsTo);
        Fact("Issues", string.Join(", ", incident.Issues));
        Fact("Summary", incident.Summary?.ReplaceLineEndings(" "));
        Fact("Handling", incident.Handling is { } handling ? $"TLP:{Words.Kebab(handling).ToUpperInvariant()}" : null);
        Fact("Assessed", Assessed(incident));
        Fact("Credible", $"{Words.Share(incident.Credibility.Value)}{Because(incident.Credibility)}");
        Fact("Recorded", $"{Words.Instant(incident.RecordedAt)} at position {incident.Position}, version {incident.Version}, {Words.Kebab(incident.ChangeClass)}");
        Fact("Brought", incident.Import is { } import ? $"by import {import}" : null);
        Fact("Upstream", incident.MissingUpstream is { } missing ? $"its origin does not give it any more, since {Words.Instant(missing.Since)} by import {missing.Import}; it counts as before" : null);
        if (incident.Reports.Count > 0)
        {
            screen.Line();
            screen.Marked("[bold]Reports[/]");
            var table = new Listing("", "source", "says", "grade", "group", "published", "address");
            foreach (var r in incident.Reports)
            {
                table.AddRow(
                    Screen.Safe(r.Id), Screen.Safe(r.Source), r.Stance == Stance.Supports ? "so" : "[red]not so[/]", $"{r.Reliability}{r.Credibility?.ToString() ?? " ungraded"}",
                    Screen.Safe(r.Group), r.PublishedAt is { } published ? Words.Instant(published) : "", Screen.Safe(r.Url));
            }

            screen.Print(table);
        }

        void Fact(string name, string? text)
        {
            if (text is { Length: > 0 })
            {
                screen.Marked($"{name,-10}{Screen.Safe(text)}");
            }
        }
    }

    public static void Print(Screen screen, IncidentHistory history)
    {
        screen.Line();
        screen.Marked("[bold]History[/]");
        var table = new Listing(">", ">position", "recorded", "by", "fact", "class", "what");
        foreach (var entry in history.Entries)
        {
            table.AddRow(
                $"{entry.Version}", $"{entry.Position}", Words.Instant(entry.RecordedAt), Screen.Safe(entry.User), Screen.Safe(entry.Kind.Replace('_', ' ')),
                Words.Kebab(entry.ChangeClass), Screen.Safe(Gist(entry.Fact)));
        }

        screen.Print(table);
    }

    /// <summary>What a fact changed and why, as far as any kind of fact says so.</summary>
    internal static string Gist(JsonElement fact)
    {
        var parts = new List<string>();
        if (fact.TryGetProperty("changes", out var changes))
        {
            parts.AddRange(changes.EnumerateArray().Select(c => $"{c.GetProperty("field")}: {Words.Value(Member(c, "old"))} → {Words.Value(Member(c, "new"))}"));
        }

        if (fact.TryGetProperty("report", out var report))
        {
            parts.Add($"{report.GetProperty("source")} {Value(report, "stance")}");
        }

        if (fact.TryGetProperty("reportId", out var id))
        {
            parts.Add($"{id}");
        }

        if (fact.TryGetProperty("computed", out _) || fact.TryGetProperty("credibility", out _))
        {
            parts.Add($"credibility {Value(fact, "credibility")}");
        }

        if (fact.TryGetProperty("regrades", out var regrades))
        {
            parts.AddRange(regrades.EnumerateArray().Select(r => $"{Value(r, "reportId")}: {Value(r, "oldReliability")} → {Value(r, "newReliability")}"));
        }

        parts.AddRange(Others.Where(name => fact.TryGetProperty(name, out _)).Select(name => $"{name} {fact.GetProperty(name)}"));

        if (fact.TryGetProperty("parts", out var pieces))
        {
            parts.Add($"parts {string.Join(", ", pieces.EnumerateArray())}");
        }

        if (fact.TryGetProperty("reason", out var reason))
        {
            parts.Add($"because: {reason}");
        }

        return string.Join("; ", parts);
    }

    /// <summary>What facts of merges and splits call the other incident.</summary>
    private static readonly string[] Others = ["into", "from", "to"];

    private static JsonElement? Member(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value : null;

    private static string Value(JsonElement of, string name) => Member(of, name)?.ToString() ?? "none";

    private static string Party(ActorCode code, string? role) => $"{code}{(role is null ? "" : $" ({role})")}";

    private static string Where(Place place) => string.Join(
        ", ",
        new[]
        {
            place.Name, place.Country?.ToString(), place is { Latitude: { } north, Longitude: { } east } ? FormattableString.Invariant($"{north:0.####}, {east:0.####}") : null,
        }.OfType<string>());

    private static string? People(Estimate? estimate, string what) => estimate switch
    {
        null => null,
        { Low: null, High: null } => $"{estimate.Best} {what}",
        _ => $"{estimate.Best} {what} ({estimate.Low ?? estimate.Best} to {estimate.High ?? estimate.Best})",
    };

    private static string? Assessed(IncidentAnswer incident) => incident.Assessment is not { } a
        ? null
        : string.Join("; ", new[]
        {
            a.Likelihood is [var low, var high] ? $"{Words.Percent(low)} to {Words.Percent(high)} ({incident.LikelihoodWords})" : null,
            a.Confidence is { } confidence ? $"{Words.Kebab(confidence)} confidence" : null,
            a.Note?.ReplaceLineEndings(" "),
        }.OfType<string>());

    private static string Because(CredibilityView credibility) => credibility switch
    {
        { Set: not null, Computed: { } computed } => $", set by an analyst; its reports give {Words.Share(computed)}",
        { Set: not null } => ", set by an analyst",
        { Computed: not null } => ", from its reports",
        { CountedSources: { } sources } => $", no graded report; {Words.Count(sources, "independent source")} counted",
        _ => ", no graded report",
    };
}
