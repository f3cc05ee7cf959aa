using System.Globalization;
using System.Text;
using GeoEvents.Imports.Formats;
using Sylvan.Data.Csv;

namespace GeoEvents.Benchmarks;

/// <summary>GDELT rows from a file to incidents to be recorded, beside Sylvan.Data.Csv that reads the same columns of the same file as strings.</summary>
/// <remarks>Every row is made one about two states, so that all become incidents: rows that are skipped cost next to nothing.</remarks>
public static class ParsingBenchmark
{
    /// <summary>The columns of GDELT 2.0 that an incident is made of.</summary>
    private static readonly int[] Columns = [0, 1, 5, 6, 7, 15, 16, 17, 26, 32, 51, 52, 53, 56, 57, 59, 60];

    public static int Rows => Comparison.Scaled(200_000);

    public static async Task Run(BenchServer server)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, GdeltSample.BetweenStates(Rows));
            await Comparison.Run("parsing", "rows", [
                new($"GeoEvents, {Rows.ToString("N0", CultureInfo.InvariantCulture)} rows to incidents", () => Comparison.Whole(() => Incidents(path))),
                new("Sylvan.Data.Csv, the same columns as strings", () => Comparison.Whole(() => Strings(path))),
            ]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<double> Incidents(string path)
    {
        await using var file = Open(path);
        var incidents = 0;
        await foreach (var rows in GdeltFormat.Version2.Read(file, passOver: 0, CancellationToken.None))
        {
            incidents += rows.Count(r => r is IncidentRow);
        }

        return incidents == Rows ? incidents : throw new InvalidOperationException($"{incidents} incidents of {Rows} rows.");
    }

    private static async Task<double> Strings(string path)
    {
        await using var file = Open(path);
        using var text = new StreamReader(file, Encoding.UTF8, false, 1 << 16);
        await using var csv = await CsvDataReader.CreateAsync(text, new CsvDataReaderOptions { HasHeaders = false, Delimiter = '\t', BufferSize = 1 << 16, CsvStyle = CsvStyle.Lax });
        var (rows, length) = (0, 0L);
        while (await csv.ReadAsync())
        {
            foreach (var column in Columns)
            {
                length += csv.GetString(column).Length;
            }

            rows++;
        }

        return rows == Rows && length > 0 ? rows : throw new InvalidOperationException($"{rows} of {Rows} rows.");
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
}
