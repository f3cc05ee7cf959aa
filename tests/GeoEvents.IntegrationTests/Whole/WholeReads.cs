using System.Text.Json.Nodes;

namespace GeoEvents.IntegrationTests.Whole;

/// <summary>Every read of the record that answers a document, put to a <see cref="WholeRecord"/>. None of them is empty there.</summary>
internal static class WholeReads
{
    /// <summary>Path and query, with every axis left open.</summary>
    public static readonly string[] Documents =
    [
        "incidents?retracted=include&issue=yekaterinburg", "incidents?text=russian&dyad=AZE-RUS", "incidents/yekaterinburg-raid", "incidents/yekaterinburg-raid/history",
        "incidents/charge-summoned", "incidents/hoax/history", "incidents/feed:2", "issues", "facets?dyad=AZE-RUS", "facets?retracted=include",
        "relationships", "relationships?actor=WAGNER", "relationships/AZE-RUS", "relationships/ARM-AZE", "relationships/AZE-WAGNER", "relationships/AZE-RUS/timeline",
        "relationships/AZE-RUS/series?step=P1D&from=2025-06-20&to=2025-07-03", "relationships/AZE-RUS/contributions", "relationships/AZE-RUS/measures", "relationships/AZE-RUS/robustness",
        "relationships/AZE-RUS/diff?fromValidAsOf=2025-06-26", "relationships/AZE-RUS/diff?fromKnownAsOf=20", "relationships/AZE-RUS/diff?fromKnownAsOf=20&fromMethod=sharper",
        "relationships/AZE-RUS/context", "relationships/AZE-RUS/assessments", "relationships/AZE-RUS/checks",
        "relationships/AZE-RUS/coverage?from=2024-12&to=2025-07", "coverage?month=2025-04", "coverage?year=2025",
        "actors?kind=bloc", "actors/OTS", "actors/WAGNER", "actors/AZE/profile", "actors/AZE/profile/history", "sources", "sources/wire-a",
        "stakes", "stakes/nstc", "stakes/nstc/history", "stakes/zangezur-corridor", "influence-claims?dyad=AZE-RUS", "influence-claims/washington", "influence-claims/washington/history",
        "influence-claims/ankara", "pathways?dyad=AZE-RUS", "pathways/way-back-from-the-2025-crisis", "pathways/way-back-from-the-2025-crisis/history",
        "rules", "rules/quiet", "rules/quiet/history", "silences", "silences/exercise", "alerts", "alerts/groups?by=dyad", "alerts/manual.AZE-RUS.1",
        "alerts/manual.AZE-RUS.1/facts", "alerts/manual.AZE-RUS.1/receipt", "types", "methods", "methods/second", "methods/sharper", "methods/sharper/comparison",
    ];

    /// <summary>Reads of which there is more than one page.</summary>
    public static readonly string[] Pages =
    [
        "incidents?limit=7", "incidents?limit=3&dyad=AZE-RUS&text=russian", "relationships?limit=1", "relationships?limit=1&sort=rise", "relationships/AZE-RUS/timeline?limit=4",
        "relationships/AZE-RUS/contributions?limit=4", "relationships/AZE-RUS/diff?limit=2&fromKnownAsOf=20", "relationships/AZE-RUS/diff?limit=2&fromValidAsOf=2025-06-26",
        "coverage?limit=1&year=2025", "stakes?limit=1", "influence-claims?limit=1", "methods/sharper/comparison?limit=1",
        "rules?limit=1", "silences?limit=1", "alerts?limit=1", "alerts/groups?by=rule&limit=1", "alerts/manual.AZE-RUS.1/facts?limit=1",
    ];

    /// <summary>The same read with more parameters.</summary>
    public static string With(this string read, string parameters) => $"{read}{(read.Contains('?') ? '&' : '?')}{parameters}";

    /// <summary>The page after a first one, as its Link header names it, below the workspace.</summary>
    public static async Task<string> PageAfter(this Workspace workspace, string first) =>
        (await workspace.Get(first)).ShouldBe(200).Link.ShouldNotBeNull(first).Split('<', '>')[1][workspace.At("").Length..];

    /// <summary>What an answer says but for the point that it is an answer for.</summary>
    public static string WithoutPoint(this string json)
    {
        var answer = JsonNode.Parse(json)!.AsObject();
        foreach (var part in (string[])["shown", "knownAsOf", "validAsOf", "method", "with", "to", "next"])
        {
            answer.Remove(part);
        }

        return answer.ToJsonString();
    }
}
