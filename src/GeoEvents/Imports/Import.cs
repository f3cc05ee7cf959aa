using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Mappings;

namespace GeoEvents.Imports;

[JsonConverter(typeof(KebabCaseEnumConverter<ImportState>))]
public enum ImportState { Queued, Running, Completed, Failed }

/// <summary>One file being loaded: where it stands, and what became of each row. <c>total = taken + known + changed + skipped + rejected</c>.</summary>
/// <remarks>Kept up to date in the transaction of the rows it counts, so that after a crash it goes on exactly where it was.</remarks>
public sealed record Import
{
    public required Guid Id { get; init; }

    public required string Format { get; init; }

    /// <summary>Name of the file, as its sender called it.</summary>
    public string? Name { get; init; }

    /// <summary>What the columns of a CSV file mean, as it was when the file was sent; null for other formats.</summary>
    public CsvMapping? Mapping { get; init; }

    /// <summary>The line of the file that names its columns; null if there is none.</summary>
    public string? Header { get; init; }

    public ImportState State { get; init; }

    /// <summary>Rows answered for so far.</summary>
    public long Total { get; init; }

    /// <summary>Rows that became incidents.</summary>
    public long Taken { get; init; }

    /// <summary>Rows on record already, the same.</summary>
    public long Known { get; init; }

    /// <summary>Rows on record already, changed upstream since; each became a correction.</summary>
    public long Changed { get; init; }

    /// <summary>Sound rows that are not for this record.</summary>
    public long Skipped { get; init; }

    /// <summary>The skipped rows by reason.</summary>
    [KeepEmpty]
    public IReadOnlyDictionary<string, long> SkippedBy { get; init; } = new SortedDictionary<string, long>();

    /// <summary>Rows that are wrong; <c>…/rejections</c> says where and why.</summary>
    public long Rejected { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why the file as a whole could not be read; null unless failed.</summary>
    public string? Failure { get; init; }

    /// <summary>Of the beginning of the file, if it was sent with an Idempotency-Key; tells a repeated request from another.</summary>
    public string? Fingerprint { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    [JsonIgnore]
    public bool Ended => State is ImportState.Completed or ImportState.Failed;
}

/// <summary>Start or go on with an import. Sent with the import in one transaction; handling it twice does no harm.</summary>
public sealed record RunImport(Guid Import, string Workspace);
