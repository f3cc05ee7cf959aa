using System.Buffers;

namespace GeoEvents.Exports;

/// <summary>Writes one export in one format. Begin, then each incident, then End.</summary>
public interface IExportFormat
{
    /// <param name="first">The incident that will be written first; null if there is none.</param>
    void Begin(IBufferWriter<byte> to, ExportedIncident? first);

    void Write(IBufferWriter<byte> to, ExportedIncident exported);

    void End(IBufferWriter<byte> to);
}

/// <summary>A format that incidents can be exported in.</summary>
/// <param name="Name">As in <c>?format=</c>.</param>
/// <param name="Ending">Of its files' names.</param>
/// <param name="LatestFirst">It shows the latest changes, a limited number of them; else all, in the order of logging.</param>
/// <param name="Start">A writer for one export; the address is that of the workspace.</param>
public sealed record ExportFormat(
    string Name, string MediaType, string Ending, Func<ExportScope, ExportRegistry, Uri, IExportFormat> Start, bool LatestFirst = false);

/// <summary>The formats that incidents can be exported in.</summary>
public static class ExportFormats
{
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("jsonl", "application/x-ndjson", "jsonl", (scope, registry, _) => new JsonLinesExport(scope, registry)),
        new("csv", "text/csv; charset=utf-8; header=present", "csv", (scope, registry, _) => new CsvExport(scope, registry)),
        new("geojson", "application/geo+json", "geojson", (scope, registry, _) => new GeoJsonExport(scope, registry)),
        new("atom", "application/atom+xml; charset=utf-8", "atom", (scope, registry, address) => new AtomExport(scope, registry, address), LatestFirst: true),
        new("stix", "application/stix+json;version=2.1", "stix.json", (scope, registry, _) => new StixExport(scope, registry)),
    ];

    /// <summary>All names, with that of the calendar, which shows deadlines and no incidents.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(f => f.Name), CalendarExport.FormatName];

    public static ExportFormat? Find(string name) => All.FirstOrDefault(f => f.Name == name);
}
