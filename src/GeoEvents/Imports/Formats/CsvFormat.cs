using System.Runtime.CompilerServices;
using System.Text;
using GeoEvents.Imports.Mappings;
using GeoEvents.Incidents;
using Sylvan.Data.Csv;

namespace GeoEvents.Imports.Formats;

/// <summary>CSV (RFC 4180) in UTF-8 whose first row names the columns; a mapping says what they mean.</summary>
/// <param name="mapping">One that <see cref="MappingRules"/> found sound.</param>
public sealed class CsvFormat(CsvMapping mapping) : IImportFormat
{
    /// <summary>As in <c>?format=</c>.</summary>
    public const string FormatName = "csv";

    private const int RowsAtOnce = 200;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RowMapper mapper = new(mapping);

    public string Name => FormatName;

    public string? Header { get; private set; }

    public Registrations Registrations { get; } = new(Sources: [mapping.Source]);

    /// <summary>Never: without a mapping, nothing says what the columns mean.</summary>
    public bool Recognises(ReadOnlySpan<byte> firstLine) => false;

    public async IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, long passOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var text = new StreamReader(file, Strict, detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        await using var csv = await Guarded(1, () => CsvDataReader.CreateAsync(text, Options(), cancel));
        var columns = new Dictionary<string, int>();
        var (line, rows, marked) = (1L, new List<ImportRow>(), (char?)null);
        while (await Guarded(line, () => csv.ReadAsync(cancel)))
        {
            var record = csv.GetRawRecordSpan();
            var begin = line;
            line += record.Count('\n');
            var raw = record.TrimEnd("\r\n");
            if (raw.IsWhiteSpace())
            {
                continue;
            }

            if (columns.Count == 0)
            {
                var names = raw.TrimStart('\uFEFF');
                marked = names.StartsWith(RejectedRows.Column) && names.Length > RejectedRows.Column.Length ? names[RejectedRows.Column.Length] : null;
                Header = WithoutMark(names, marked).ToString();
                columns = Columns(csv);
                continue;
            }

            if (passOver-- > 0)
            {
                continue;
            }

            rows.Add(Row(csv, columns, marked is null ? 0 : 1, begin, Encoding.UTF8.GetBytes(WithoutMark(raw, marked).ToArray())));
            if (rows.Count == RowsAtOnce)
            {
                yield return rows;
                rows = [];
            }
        }

        yield return rows;
    }

    /// <summary>The reason is one more column at the beginning, so that it stands there also where a row has too few.</summary>
    public async Task WriteRejected(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel)
    {
        var delimiter = mapping.Delimiter?[0] ?? ",;\t|".MaxBy(c => header.AsSpan().Count(c));
        await file.WriteAsync(Encoding.UTF8.GetBytes($"{RejectedRows.Column}{delimiter}{header}\r\n"), cancel);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes($"\"{RejectedRows.Reason(row).Replace("\"", "\"\"")}\"{delimiter}"), cancel);
            await file.WriteAsync(row.Raw, cancel);
            await file.WriteAsync("\r\n"u8.ToArray(), cancel);
        }
    }

    /// <summary>The record without the reason for which it was rejected before.</summary>
    /// <param name="delimiter">Behind the reason; null if the file has none.</param>
    private static ReadOnlySpan<char> WithoutMark(ReadOnlySpan<char> record, char? delimiter)
    {
        var quoted = false;
        for (var i = 0; delimiter is not null && i < record.Length; i++)
        {
            quoted ^= record[i] == '"';
            if (record[i] == delimiter && !quoted)
            {
                return record[(i + 1)..];
            }
        }

        return record;
    }

    private CsvDataReaderOptions Options() => new()
    {
        HasHeaders = false,
        Delimiter = mapping.Delimiter?[0],
        Comment = '\0',
        BufferSize = 1 << 16,
        MaxBufferSize = FileLine.LongestRow,
        CsvStyle = CsvStyle.Standard,
        OwnsReader = false,
    };

    private static async Task<T> Guarded<T>(long line, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableFileException($"From about line {line} on the file is not UTF-8. Save it as UTF-8.");
        }
        catch (CsvRecordTooLargeException)
        {
            throw new UnreadableFileException($"The row at line {line} is longer than {FileLine.LongestRow >> 20} MiB; perhaps a quotation mark is not closed.");
        }
        catch (CsvFormatException)
        {
            throw new UnreadableFileException(
                $"In the row at line {line} a quotation mark stands where none can; perhaps one is not closed. Within quotation marks it is written twice.");
        }
    }

    private Dictionary<string, int> Columns(CsvDataReader header)
    {
        var columns = new Dictionary<string, int>();
        for (var i = 0; i < header.RowFieldCount; i++)
        {
            var name = header.GetString(i).Trim().TrimStart('\uFEFF');
            if (name.Length > 0 && !columns.TryAdd(name, i))
            {
                throw new UnreadableFileException($"The file has two columns '{name}'.");
            }
        }

        return mapping.ColumnsNamed().FirstOrDefault(c => !columns.ContainsKey(c.Column)) is { Column: { } missing } lacking
            ? throw new UnreadableFileException($"The file has no column '{missing}', which the mapping names at {lacking.Pointer}.")
            : columns;
    }

    private ImportRow Row(CsvDataReader csv, Dictionary<string, int> columns, int marks, long line, ReadOnlyMemory<byte> raw)
    {
        try
        {
            return csv.RowFieldCount == csv.FieldCount
                ? mapper.Read(line, column => csv.GetString(columns[column]), raw)
                : new RejectedRow(line, "", $"A row has {csv.FieldCount - marks} columns; this one has {csv.RowFieldCount - marks}.", raw);
        }
        catch (CsvFormatException)
        {
            return new RejectedRow(line, "", "A quotation mark stands where none can.", raw);
        }
    }
}
