using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Relationships;

/// <summary>What a relationship reads by one method.</summary>
public sealed record ScoredView(double Tension, double Warmth, string Band, int Rung, string Posture, double Pressure)
{
    public static ScoredView Of(RelationshipState state, Method method) =>
        new(state.Tension, state.Warmth, state.Band, state.Rung, method.Rungs[state.Rung].Name, state.Pressure);
}

/// <summary>A relationship by two methods.</summary>
/// <param name="Tension">Points by the one compared less points by the other.</param>
/// <param name="Rung">Rungs likewise.</param>
public sealed record ComparedDyad(Dyad Dyad, ScoredView By, ScoredView With, double Tension, double Warmth, int Rung);

/// <summary>All relationships by two methods, the largest difference of tension first.</summary>
/// <param name="Method">The version that runs in shadow.</param>
/// <param name="With">The version that it is compared with.</param>
/// <param name="Dyads">How many have a record.</param>
/// <param name="BandsChanged">How many of them lie in a band of another name.</param>
/// <param name="MeanTension">Mean of the differences of tension, points.</param>
/// <param name="MeanAbsoluteTension">Mean of their sizes, points.</param>
public sealed record MethodComparisonView(
    string Method,
    string With,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Shown,
    int Dyads,
    int BandsChanged,
    int RungsChanged,
    double MeanTension,
    double MeanAbsoluteTension,
    [property: KeepEmpty] IReadOnlyList<ComparedDyad> Items,
    string? Next);

/// <summary>Runs a method in shadow of another over all relationships.</summary>
public sealed class MethodComparison(LedgerImage image)
{
    public async Task<MethodComparisonView> Of(string workspace, AsOf asOf, Method with, Method shadow, int limit, int skip, CancellationToken cancel)
    {
        var others = await States(workspace, asOf, with, cancel);
        var compared = (from own in await States(workspace, asOf, shadow, cancel)
                        let other = others[own.Key]
                        let tension = own.Value.Tension - other.Tension
                        orderby Math.Abs(tension) descending, Math.Abs(own.Value.Rung - other.Rung) descending, own.Key.ToString()
                        select new ComparedDyad(
                            own.Key,
                            ScoredView.Of(own.Value, shadow),
                            ScoredView.Of(other, with),
                            tension,
                            own.Value.Warmth - other.Warmth,
                            own.Value.Rung - other.Rung)).ToList();
        return new MethodComparisonView(
            shadow.Id,
            with.Id,
            asOf.Valid,
            asOf.Known,
            $"{asOf.Shown[..^1]}; method {shadow.Id} in shadow of {with.Id}.",
            compared.Count,
            compared.Count(c => c.By.Band != c.With.Band),
            compared.Count(c => c.Rung != 0),
            compared.Count == 0 ? 0 : compared.Average(c => c.Tension),
            compared.Count == 0 ? 0 : compared.Average(c => Math.Abs(c.Tension)),
            [.. compared.Skip(skip).Take(limit)],
            WholeLists.Next(compared.Count, skip + limit, asOf));
    }

    private async Task<Dictionary<Dyad, RelationshipState>> States(string workspace, AsOf asOf, Method method, CancellationToken cancel) =>
        (await image.OfAll(workspace, asOf.Known.Position, method, cancel))
            .Select(d => (d.Key, State: d.Value.FoldAt(asOf.Known.Position, method).At(asOf.Valid)))
            .Where(d => d.State.Incidents > 0)
            .ToDictionary(d => d.Key, d => d.State);
}
