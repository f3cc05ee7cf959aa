using System.Buffers;
using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Exports;

/// <summary>GeoJSON by RFC 7946: a FeatureCollection with a Point for each incident, or no geometry where its place is not known.</summary>
/// <remarks>Foreign members of the collection say what is shown.</remarks>
public sealed class GeoJsonExport(ExportScope scope, ExportRegistry registry) : IExportFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = GeoJson.Options.Encoder };

    private bool any;

    public void Begin(IBufferWriter<byte> to, ExportedIncident? first)
    {
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("shows", scope.Words);
        WriteAll(json, FlatColumns.OfScope, scope);
        foreach (var (name, value) in scope.Filters.Where(f => f.Name == "dyad"))
        {
            json.WriteString(name, value);
        }

        json.WriteStartObject("filters");
        foreach (var (name, value) in scope.Filters)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        // End closes what stays open here.
        json.WriteStartArray("features");
    }

    public void Write(IBufferWriter<byte> to, ExportedIncident exported)
    {
        to.Write(any ? ",\n"u8 : "\n"u8);
        any = true;
        var (incident, place) = (new FlatIncident(exported, scope, registry), exported.Content.Place);
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", exported.Content.Id);
        json.WritePropertyName("geometry");
        if (place is { Latitude: { } latitude, Longitude: { } longitude })
        {
            json.WriteStartObject();
            json.WriteString("type", "Point");
            json.WriteStartArray("coordinates");
            json.WriteNumberValue(longitude);
            json.WriteNumberValue(latitude);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartObject("properties");
        WriteAll(json, FlatColumns.OfIncident, incident);
        json.WriteString("actors", Joined(exported.Content.Links.Select(l => l.Actor.ToString())));
        json.WriteString("recipients", Joined(exported.Content.Links.Select(l => l.Recipient.ToString())));
        if (scope.Mark is { } mark)
        {
            json.WriteString("counterfactual", mark);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void End(IBufferWriter<byte> to) => to.Write("\n]}\n"u8);

    private static string Joined(IEnumerable<string> codes) => string.Join("; ", codes.Distinct());

    private static void WriteAll<T>(Utf8JsonWriter json, IReadOnlyList<Column<T>> columns, T of)
    {
        foreach (var column in columns)
        {
            switch (column.Value(of))
            {
                case null:
                    break;
                case string text:
                    json.WriteString(column.Name, text);
                    break;
                case DateTimeOffset instant:
                    json.WriteString(column.Name, InstantConverter.Text(instant));
                    break;
                case bool truth:
                    json.WriteBoolean(column.Name, truth);
                    break;
                case double number:
                    json.WriteNumber(column.Name, number);
                    break;
                case var number:
                    json.WriteNumber(column.Name, Convert.ToInt64(number, null));
                    break;
            }
        }
    }
}
