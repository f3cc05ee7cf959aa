using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Exports;

/// <summary>What an export is asked for.</summary>
public sealed class ExportQuery : IncidentFilter
{
    private const int DefaultLimit = 500;
    private const int LargestLimit = 5_000;

    /// <summary>jsonl (default), csv, geojson, atom, stix or ical.</summary>
    public string? Format { get; init; }

    /// <summary>Name of a stored overlay that is laid over the record.</summary>
    public string? Overlay { get; init; }

    /// <summary>Of an Atom feed: how many entries, 1 to 5,000; 500 unless said.</summary>
    public string? Limit { get; init; }

    /// <summary>The filters that are given, in a fixed order.</summary>
    internal IReadOnlyList<(string Name, string Value)> Given =>
    [
        .. new[]
        {
            ("dyad", Dyad is not null && Coding.Dyad.TryParse(Dyad, out var dyad) ? dyad.ToString() : Dyad), ("actor", Actor), ("type", Type), ("issue", Issue),
            ("source", Source), ("country", Country), ("bbox", Bbox), ("from", From), ("to", To), ("text", Text),
        }.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!)),
    ];

    /// <summary>How many entries a format shows that has the latest first.</summary>
    /// <exception cref="InvalidRequestException">It cannot be read, or the format shows all.</exception>
    internal int Entries(bool latestFirst) => (Limit, latestFirst) switch
    {
        (null, _) => DefaultLimit,
        (_, false) => throw new InvalidRequestException(FieldProblem.In("limit", "contradiction", "Only a feed has a limit; this format has all that the filters select.")),
        _ when int.TryParse(Limit, System.Globalization.NumberStyles.None, null, out var limit) && limit is >= 1 and <= LargestLimit => limit,
        _ => throw new InvalidRequestException(FieldProblem.In("limit", "out-of-range", $"A feed has 1 to {LargestLimit:N0} entries.")),
    };
}
