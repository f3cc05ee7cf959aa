using System.Collections.Frozen;

namespace GeoEvents.Coding;

/// <summary>A state of ISO 3166-1.</summary>
/// <param name="Alpha2">Two letters.</param>
/// <param name="Numeric">Without leading zeros.</param>
/// <param name="Fips">FIPS 10-4 codes, which GDELT's geography uses: mostly one; none, or several for parts that FIPS counts apart (<c>GZ</c> and <c>WE</c>).</param>
public sealed record State(ActorCode Code, string Alpha2, string Numeric, string Name, IReadOnlyList<string> Fips);

/// <summary>The states every workspace knows from the start: ISO 3166-1, with the foreign codes that feeds use for them.</summary>
/// <remarks>
/// Source: <c>Data/iso-3166-1.csv</c> (datasets/country-codes), <c>Data/cameo-country.txt</c> (GDELT look-up table) and <c>Data/state-names.tsv</c> (this project).
/// </remarks>
public static class States
{
    private static readonly FrozenDictionary<ActorCode, State> ByCode = Load().ToFrozenDictionary(s => s.Code);

    private static readonly FrozenDictionary<string, ActorCode> ByFips = ByCode.Values
        .SelectMany(s => s.Fips.Select(fips => (Fips: fips, s.Code)))
        .ToFrozenDictionary(s => s.Fips, s => s.Code);

    private static readonly FrozenDictionary<string, ActorCode> ByIso = ByCode.Values
        .SelectMany(s => new[] { (Iso: s.Alpha2, s.Code), (Iso: s.Numeric, s.Code) })
        .ToFrozenDictionary(s => s.Iso, s => s.Code);

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

    private static readonly FrozenDictionary<string, ActorCode> ByName = ByCode.Values.Select(s => (s.Name, s.Code))
        .Concat(from line in EmbeddedData.Lines("state-names.tsv")
                where line.Length > 0 && line[0] != '#'
                let fields = line.Split('\t')
                select (Name: fields[1], Code: ActorCode.Parse(fields[0])))
        .ToFrozenDictionary(s => Plain(s.Name), s => s.Code, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<State> All => ByCode.Values.OrderBy(s => s.Code.ToString(), StringComparer.Ordinal);

    public static State? Find(ActorCode code) => ByCode.GetValueOrDefault(code);

    /// <summary>The state that a CAMEO country code names; null for regions and groups (<c>EUR</c>, <c>AFR</c>) and for unknown codes.</summary>
    public static ActorCode? OfCameo(string code) =>
        ActorCode.TryParse(CameoSynonyms.GetValueOrDefault(code, code), out var actor) && ByCode.ContainsKey(actor) ? actor : null;

    /// <summary>The state that a FIPS 10-4 country code names; null if unknown.</summary>
    public static ActorCode? OfFips(string code) => ByFips.TryGetValue(code, out var actor) ? actor : null;

    /// <summary>The state of that name, as ISO 3166-1 or a feed has it; null if none is called so.</summary>
    public static ActorCode? OfName(string name) => ByName.TryGetValue(Plain(name), out var actor) ? actor : null;

    /// <summary>The state with that two-letter or numeric code of ISO 3166-1; null if none has it.</summary>
    public static ActorCode? OfIso(string code) => ByIso.TryGetValue(code.TrimStart('0'), out var actor) ? actor : null;

    private static string Plain(string name) => name.Trim().Replace(" & ", " and ", StringComparison.Ordinal).Replace('’', '\'');

    private static IEnumerable<State> Load() =>
        from line in EmbeddedData.Lines("iso-3166-1.csv").Skip(1)
        let fields = line.Split(',')
        select new State(ActorCode.Parse(fields[0]), fields[1], fields[2], fields[3], FipsOf(fields[0], fields[4]));

    /// <summary>The table writes several codes in one (<c>GZWE</c>), gives the Dutch code to a part of the Netherlands as well, and marks a note with <c>a</c>.</summary>
    /// <remarks>Kosovo (<c>KV</c>), which ISO 3166-1 has no code for, is no state here, as CAMEO's <c>KSV</c> is none.</remarks>
    private static string[] FipsOf(string state, string codes) =>
        [.. codes.Chunk(2).Select(c => new string(c)).Where(c => c.Length == 2 && c != "KV" && (c, state) != ("NL", "BES"))];
}
