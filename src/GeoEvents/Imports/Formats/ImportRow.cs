using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Imports.Formats;

/// <summary>What a format makes of one row of a file.</summary>
/// <param name="Line">Line of the file at which the row begins; 1 is the first.</param>
public abstract record ImportRow(long Line);

/// <summary>A row that reads as an incident.</summary>
/// <param name="Raw">The row as it stands in the file, whole.</param>
public sealed record IncidentRow(long Line, IncidentDraft Draft, ReadOnlyMemory<byte> Raw) : ImportRow(Line)
{
    /// <summary>JSON pointer to the incident in the file, where its line does not tell which it is; else empty.</summary>
    public string Pointer { get; init; } = "";

    public RejectedRow Reject(FieldProblem problem) => RejectedRow.Of(Line, problem, Raw, Pointer);
}

/// <summary>A sound row that is not for this record, such as one without a second state.</summary>
/// <param name="Reason">Stable name, counted in the answer.</param>
public sealed record SkippedRow(long Line, string Reason) : ImportRow(Line);

/// <summary>A row that is wrong.</summary>
/// <param name="Column">JSON pointer or column name; empty where the row as a whole is meant.</param>
/// <param name="Raw">The row as it stands in the file, whole, so that it can be mended.</param>
public sealed record RejectedRow(long Line, string Column, string Reason, ReadOnlyMemory<byte> Raw) : ImportRow(Line)
{
    private const int MostKept = 4_000;

    /// <param name="pointer">To the row, where the file is one JSON document.</param>
    public static RejectedRow Of(long line, FieldProblem problem, ReadOnlyMemory<byte> raw, string pointer = "") =>
        new(line, Cut(pointer + problem.Where), Cut(problem.Detail), raw);

    /// <summary>The text as far as it is shown; without NUL and halves of characters, which the database cannot hold.</summary>
    public static string Cut(string text)
    {
        var kept = text.Length > MostKept ? text[..MostKept] : text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept)).Replace('\0', '\uFFFD');
    }
}
