using GeoEvents.Coding;

namespace GeoEvents.Scoring;

/// <summary>A new version of the method, as what it changes of another. What is left out stays as it is there.</summary>
/// <param name="Id">Its name: 1 to 32 lower-case letters, digits, dots or hyphens, which begins with a letter or digit.</param>
/// <param name="BasedOn">The version it starts from; the current one if not said.</param>
/// <param name="Bands">All of them.</param>
/// <param name="Rungs">Those that change, by number.</param>
/// <param name="Types">Those that change, by name.</param>
public sealed record MethodDraft(
    string Id = "",
    string Reason = "",
    string? BasedOn = null,
    ParametersDraft? Parameters = null,
    IReadOnlyList<Band>? Bands = null,
    double? BandHysteresis = null,
    IReadOnlyList<RungDraft>? Rungs = null,
    IReadOnlyList<TypeDraft>? Types = null)
{
    /// <summary>The whole version.</summary>
    public MethodDocument On(MethodDocument basis) => new(
        Id,
        Parameters?.On(basis.Parameters) ?? basis.Parameters,
        Bands ?? basis.Bands,
        BandHysteresis ?? basis.BandHysteresis,
        [.. basis.Rungs.Select(r => Rungs?.LastOrDefault(d => d.Rung == r.Number)?.On(r) ?? r)],
        [.. basis.Types.Select(t => Types?.LastOrDefault(d => d.Type == t.Type)?.On(t) ?? t)]);
}

/// <summary>Parameters as in <see cref="MethodParameters"/>. What decides on the change class of a fact is not among them: it belongs to recording, not to scoring.</summary>
public sealed record ParametersDraft(
    double? HalfLifeFastDays = null,
    double? HalfLifeSlowDays = null,
    double? Saturation = null,
    double? PressureEpsilonPerDay = null,
    MagnitudeDraft? Magnitude = null,
    double? UnGradedCredibility = null,
    CountedSourcesDraft? CountedSources = null)
{
    public MethodParameters On(MethodParameters p) => p with
    {
        HalfLifeFastDays = HalfLifeFastDays ?? p.HalfLifeFastDays,
        HalfLifeSlowDays = HalfLifeSlowDays ?? p.HalfLifeSlowDays,
        Saturation = Saturation ?? p.Saturation,
        PressureEpsilonPerDay = PressureEpsilonPerDay ?? p.PressureEpsilonPerDay,
        Magnitude = new MagnitudeParameters(
            Magnitude?.Max ?? p.Magnitude.Max,
            Magnitude?.PerLog10Deaths ?? p.Magnitude.PerLog10Deaths,
            Magnitude?.PerLog10InjuredAndDetained ?? p.Magnitude.PerLog10InjuredAndDetained),
        UnGradedCredibility = UnGradedCredibility ?? p.UnGradedCredibility,
        CountedSources = new CountedSourcesParameters(
            CountedSources?.LogitPerDoubling ?? p.CountedSources.LogitPerDoubling, CountedSources?.Most ?? p.CountedSources.Most),
    };
}

/// <summary>As in <see cref="MagnitudeParameters"/>.</summary>
public sealed record MagnitudeDraft(double? Max = null, double? PerLog10Deaths = null, double? PerLog10InjuredAndDetained = null);

/// <summary>As in <see cref="CountedSourcesParameters"/>.</summary>
public sealed record CountedSourcesDraft(double? LogitPerDoubling = null, double? Most = null);

/// <param name="Rung">0 to 9.</param>
public sealed record RungDraft(int Rung = -1, double? DwellDays = null, double? MeasureFloor = null)
{
    public Rung On(Rung rung) => rung with { DwellDays = DwellDays ?? rung.DwellDays, MeasureFloor = MeasureFloor ?? rung.MeasureFloor };
}

/// <param name="Type">Of the ladder. A version neither adds nor removes types, so that every version scores every incident.</param>
public sealed record TypeDraft(string Type = "", double? Weight = null, int? Rung = null, QuadClass? Quad = null)
{
    public IncidentType On(IncidentType type) => type with { Weight = Weight ?? type.Weight, Rung = Rung ?? type.Rung, Quad = Quad ?? type.Quad };
}
