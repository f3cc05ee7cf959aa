using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Robustness;

/// <summary>How far a relationship depends on who says so.</summary>
/// <param name="Statement">Says it in a sentence.</param>
/// <param name="Incidents">On record up to V.</param>
/// <param name="Examined">Those whose reports can still matter; what is older weighs nothing.</param>
/// <param name="Strongest">The source that tension depends on most; null if no report matters.</param>
/// <param name="Groups">Sources that copy each other.</param>
/// <param name="Sides">The affiliated media of each actor of the dyad.</param>
public sealed record RobustnessView(
    Dyad Dyad,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Method,
    string Shown,
    double Tension,
    int Rung,
    string Statement,
    int Incidents,
    int Examined,
    Reliance? Strongest,
    [property: KeepEmpty] IReadOnlyList<Reliance> Sources,
    [property: KeepEmpty] IReadOnlyList<Reliance> Groups,
    [property: KeepEmpty] IReadOnlyList<Reliance> Sides);

/// <summary>Answers what a relationship would be without each source, group and side: the record in memory, and reports from the log as known at K.</summary>
public sealed class RobustnessReader(LedgerImage image, IncidentReader incidents)
{
    public async Task<RobustnessView> Read(string workspace, Dyad dyad, AsOf asOf, CancellationToken cancel)
    {
        var (known, method, t) = (asOf.Known.Position, asOf.Method, asOf.Valid);
        var record = await image.Of(workspace, dyad, known, method, cancel);
        var (fold, closers) = (record.FoldAt(known, method), record.ClosersAt(known));
        var matter = await incidents.Load(workspace, Reliances.Matter(fold, closers, method, t), known, cancel);
        var reliances = new Reliances(workspace, dyad, fold, closers, matter, method, t);
        var state = fold.At(t);
        var strongest = reliances.Sources.Count > 0 ? reliances.Sources[0] : null;
        return new RobustnessView(
            dyad,
            t,
            asOf.Known,
            method.Id,
            asOf.Shown,
            state.Tension,
            state.Rung,
            Statement(state, strongest),
            state.Incidents,
            matter.Count,
            strongest,
            reliances.Sources,
            reliances.Groups,
            reliances.Sides);
    }

    private static string Statement(RelationshipState state, Reliance? strongest) => strongest switch
    {
        _ when state.HostilityFast == 0 => "There is no tension that could depend on a source.",
        null or { Dependence: <= 0 } => "Tension depends on no single source.",
        { Name: var name, Dependence: var share, RungWithout: var rung } =>
            string.Create(CultureInfo.InvariantCulture, $"Tension depends on one source, {name}, for {100 * share:0} %.")
            + (rung == state.Rung ? "" : $" Without it the posture would be {rung}, not {state.Rung}."),
    };
}
