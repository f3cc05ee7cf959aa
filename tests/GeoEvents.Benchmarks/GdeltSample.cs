using System.Text;
using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Imports;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Benchmarks;

/// <summary>Fifteen minutes of GDELT, repeated as often as wanted under ids of their own.</summary>
public static class GdeltSample
{
    private static readonly string[] Rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "gdelt.tsv"));

    private static long lastId = 1_000_000_000;

    /// <summary>A file of that many rows; no id comes twice in a run.</summary>
    public static byte[] Repeated(int rows)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            var row = Rows[i % Rows.Length];
            text.Append(++lastId).Append(row.AsSpan(row.IndexOf('\t'))).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The incidents of the sample, as the importer reads them.</summary>
    public static async Task<IReadOnlyList<IncidentDraft>> Drafts(byte[] file)
    {
        var drafts = new List<IncidentDraft>();
        await foreach (var row in new Gdelt2Format().Read(new MemoryStream(file), CancellationToken.None))
        {
            if (row is IncidentRow { Draft: var draft })
            {
                drafts.Add(draft);
            }
        }

        return drafts;
    }

    /// <summary>The fact that the log holds of an incident.</summary>
    public static IncidentLogged Fact(IncidentDraft draft)
    {
        var source = new Source(1, "gdelt", "GDELT Project", Reliability.F, "gdelt", null, null);
        return new IncidentLogged(
            draft.Named(draft.Id), [.. draft.Reports.Select((r, i) => source.Report($"r{i + 1}", r))], IncidentFields.Digest(draft.Named(draft.Id), draft.Reports));
    }

    public static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), GeoJson.Options);
}
