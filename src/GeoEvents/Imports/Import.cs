using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Mappings;

namespace GeoEvents.Imports;

[JsonConverter(typeof(KebabCaseEnumConverter<ImportState>))]
public enum ImportState { Queued, Running, Completed, Failed, Cancelled }

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

    /// <summary>1 for the queued import that is started next; null unless queued. Known when read, not stored.</summary>
    public int? QueuePosition { get; init; }

    /// <summary>Whether the file holds all that its origin has; then what is on record from there and not in the file is flagged.</summary>
    public bool Complete { get; init; }

    /// <summary>Bytes of the file as it was sent, packed if it was; null for a sample.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes read of <see cref="Size"/> when the last rows were recorded; all of them once every row is.</summary>
    public long Bytes { get; init; }

    /// <summary>Rows per second over the last ten seconds of work; null unless running, and until the second commit since it began or went on.</summary>
    public double? Rate { get; init; }

    /// <summary>Seconds that it will take at the present pace; null while unknown.</summary>
    public long? TimeLeft { get; init; }

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

    /// <summary>Incidents on record that this file, as the first complete one, no longer has; no rows, so no part of the total.</summary>
    public long Gone { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why the file could not be read, or the import not be carried through; null unless failed.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the file is still there, so that a cancelled or failed import can be resumed.</summary>
    public bool FileKept { get; init; }

    /// <summary>Of the beginning of the file, if it was sent with an Idempotency-Key; tells a repeated request from another.</summary>
    public string? Fingerprint { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its file began to be read, the first time; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, in whatever state.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    [JsonIgnore]
    public bool Ended => State is ImportState.Completed or ImportState.Failed or ImportState.Cancelled;

    /// <summary>The import as a run of it begins: whatever pace an earlier run had is over.</summary>
    public Import Begin(DateTimeOffset at) =>
        this with { State = ImportState.Running, StartedAt = StartedAt ?? Microseconds.Floor(at), Rate = null, TimeLeft = null };

    public Import End(ImportState state, DateTimeOffset at, string? failure = null) =>
        this with { State = state, Failure = failure, CompletedAt = at, Rate = null, TimeLeft = null };
}

/// <summary>There is an import to be started or gone on with. Sent with the import in one transaction; handling it twice does no harm.</summary>
public sealed record RunImport(Guid Import, string Workspace);
