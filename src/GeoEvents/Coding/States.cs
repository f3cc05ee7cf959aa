using System.Collections.Frozen;

namespace GeoEvents.Coding;

/// <summary>A state of ISO 3166-1.</summary>
/// <param name="Fips">FIPS 10-4 code, which GDELT's geography uses; null where the table has none.</param>
public sealed record State(ActorCode Code, string Name, string? Fips);

/// <summary>The states every workspace knows from the start: ISO 3166-1, with the foreign codes that feeds use for them.</summary>
/// <remarks>Source: <c>Data/iso-3166-1.csv</c> (datasets/country-codes) and <c>Data/cameo-country.txt</c> (GDELT look-up table).</remarks>
public static class States
{
    private static readonly FrozenDictionary<ActorCode, State> ByCode = Load().ToFrozenDictionary(s => s.Code);

    private static readonly FrozenDictionary<string, ActorCode> ByFips =
        ByCode.Values.Where(s => s.Fips is not null).DistinctBy(s => s.Fips).ToFrozenDictionary(s => s.Fips!, s => s.Code);

    /// <summary>CAMEO country codes that name a state under another code than ISO 3166-1 does.</summary>
    private static readonly FrozenDictionary<string, string> CameoSynonyms = new Dictionary<string, string>
    {
        ["ROM"] = "ROU", // Romania's ISO code until 2002
        ["TMP"] = "TLS", // East Timor's ISO code until 2002
        ["MTN"] = "MNE", // Montenegro
        ["IMY"] = "IMN", // Isle of Man
        ["WSB"] = "PSE", // West Bank
        ["GZS"] = "PSE", // Gaza Strip
        ["BAG"] = "IRQ", // Baghdad
    }.ToFrozenDictionary();

    public static IEnumerable<State> All => ByCode.Values.OrderBy(s => s.Code.ToString(), StringComparer.Ordinal);

    public static State? Find(ActorCode code) => ByCode.GetValueOrDefault(code);

    /// <summary>The state that a CAMEO country code names; null for regions and groups (<c>EUR</c>, <c>AFR</c>) and for unknown codes.</summary>
    public static ActorCode? OfCameo(string code) =>
        ActorCode.TryParse(CameoSynonyms.GetValueOrDefault(code, code), out var actor) && ByCode.ContainsKey(actor) ? actor : null;

    /// <summary>The state that a FIPS 10-4 country code names; null if unknown.</summary>
    public static ActorCode? OfFips(string code) => ByFips.TryGetValue(code, out var actor) ? actor : null;

    private static IEnumerable<State> Load() =>
        from line in EmbeddedData.Lines("iso-3166-1.csv").Skip(1)
        let fields = line.Split(',')
        select new State(ActorCode.Parse(fields[0]), fields[3], fields[4].Length == 0 ? null : fields[4]);
}
