using GeoEvents.Coding;
using GeoEvents.Ledger;

namespace GeoEvents.Incidents;

/// <summary>An incident on record that may be the one being logged.</summary>
/// <param name="Similarity">Of the titles: shared words over all words, 0 to 1.</param>
public sealed record Suggestion(string Id, string Title, string Occurred, double Similarity);

/// <summary>Finds incidents with the same dyad, the same type family, an overlapping interval and a similar title. They are named to the analyst, never merged.</summary>
public sealed class LikelyDuplicates(IncidentReader incidents)
{
    private const double SimilarEnough = 0.3;

    private const int MostSuggested = 5;

    public async Task<IReadOnlyList<Suggestion>> Of(string workspace, IncidentContent content, DateTimeOffset now, CancellationToken cancel)
    {
        if (!OccurredOn.TryResolve(content, now, out var interval, out _))
        {
            return [];
        }

        var words = Lexemes.Split(content.Title).ToHashSet();
        var family = FamilyOf(content.Type, content.Cameo);
        var candidates = await incidents.Overlapping(workspace, [.. content.Dyads], interval, (type, cameo) => FamilyOf(type, cameo) == family, cancel);
        return [.. (from candidate in candidates
                   where candidate.Content.Id != content.Id
                   let similarity = Similarity(words, Lexemes.Split(candidate.Content.Title).ToHashSet())
                   where similarity >= SimilarEnough
                   orderby similarity descending, candidate.Content.Id
                   select new Suggestion(candidate.Content.Id, candidate.Content.Title, candidate.Content.Occurred, Math.Round(similarity, 2)))
            .Take(MostSuggested)];
    }

    /// <summary>The PLOVER category: types of one family are easily coded one for the other.</summary>
    private static string? FamilyOf(string? type, string? cameo) =>
        (type is null ? Methods.Shipped.TypeOfCameo(cameo ?? "") : Methods.Shipped.FindType(type))?.Plover;

    /// <summary>Jaccard index of two sets of words.</summary>
    private static double Similarity(HashSet<string> one, HashSet<string> other) =>
        one.Count + other.Count == 0 ? 0 : (double)one.Intersect(other).Count() / one.Union(other).Count();
}
