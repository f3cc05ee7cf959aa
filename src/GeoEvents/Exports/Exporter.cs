using System.Security.Cryptography;
using System.Text;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Relationships.Counterfactual;
using Microsoft.Net.Http.Headers;

namespace GeoEvents.Exports;

/// <summary>Answers requests for exports: says what it shows, and sends it as it is read.</summary>
public sealed class Exporter(ExportReader reader, LogReader log, AsOfReader asOfReader, IEnumerable<IDeadlineSource> deadlines, OverlayReader overlays)
{
    /// <summary>What the export shows, in words as far as ASCII has them; for formats that have no place for it in themselves.</summary>

    /// <exception cref="InvalidRequestException">A parameter cannot be read.</exception>
    /// <exception cref="RefusedException">There is no such overlay (404), or it has expired (410).</exception>
    public async Task Answer(HttpContext http, string workspace, ExportQuery query, CancellationToken cancel)
    {
        var asOf = await asOfReader.Read(workspace, query.Point, cancel);
        var name = query.Format ?? ExportFormats.All[0].Name;
        var format = ExportFormats.Find(name);
        if (format is null && name != CalendarExport.FormatName)
        {
            throw new InvalidRequestException(FieldProblem.In("format", "unknown-format", $"Not one of: {string.Join(", ", ExportFormats.Names)}."));
        }

        var conditions = query.Conditions(asOf);
        var limit = query.Entries(latestFirst: format?.LatestFirst == true);
        var overlay = query.Overlay is null ? null : await Overlay(workspace, query.Overlay, asOf, conditions, cancel);
        var scope = new ExportScope(workspace, asOf.AllDates ? null : asOf.Valid, asOf.Known, asOf.Method, query.Given, overlay?.Name);
        var address = new Uri($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/api/v1/{workspace}");
        if (IsKnown(http, ETag(scope, name, limit, overlay, address)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (format is null)
        {
            var calendar = CalendarExport.Write(scope, await Deadlines(workspace, asOf, query, cancel), address);
            Head(http.Response, scope, "deadlines", CalendarExport.MediaType, CalendarExport.Ending);
            await http.Response.BodyWriter.WriteAsync(calendar, cancel);
            return;
        }

        var known = asOf.Known.Position;
        var registry = await ExportRegistry.Read(log, workspace, known, cancel);
        var writer = format.Start(scope, overlay is null ? registry : registry.With(overlay.Registered, overlay.At), address);
        var changed = overlay?.Changed ?? [];
        var record = format.LatestFirst
            ? reader.Latest(workspace, known, conditions, changed, limit, cancel)
            : reader.Logged(workspace, known, conditions, changed, cancel);
        await Send(http.Response, () => Head(http.Response, scope, "incidents", format.MediaType, format.Ending), writer, overlay?.Over(record) ?? record, cancel);
    }

    /// <summary>Sends what was written each time some incidents have been read, so that no more than those are held.</summary>
    /// <param name="head">Called once it is known that the record can be read.</param>
    private static async Task Send(
        HttpResponse response, Action head, IExportFormat format, IAsyncEnumerable<IReadOnlyList<ExportedIncident>> incidents, CancellationToken cancel)
    {
        var begun = false;
        await foreach (var some in incidents.WithCancellation(cancel))
        {
            if (!begun && some.Count > 0)
            {
                head();
                format.Begin(response.BodyWriter, some[0]);
                begun = true;
            }

            foreach (var incident in some)
            {
                format.Write(response.BodyWriter, incident);
            }

            if (begun)
            {
                await response.BodyWriter.FlushAsync(cancel);
            }
        }

        if (!begun)
        {
            head();
            format.Begin(response.BodyWriter, null);
        }

        format.End(response.BodyWriter);
        await response.BodyWriter.FlushAsync(cancel);
    }

    private static void Head(HttpResponse response, ExportScope scope, string what, string mediaType, string ending)
    {
        response.ContentType = mediaType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = scope.FileName(what, ending) }.ToString();
        response.Headers[Endpoints.ShownHeader] = string.Concat(scope.Words.Select(c => char.IsAscii(c) ? c : '?'));
    }

    /// <exception cref="InvalidRequestException">It does not fit the record as it was known then.</exception>
    private async Task<ExportOverlay> Overlay(string workspace, string name, AsOf asOf, LedgerConditions conditions, CancellationToken cancel)
    {
        var layer = await overlays.Stored(workspace, name, cancel);
        try
        {
            return new ExportOverlay(workspace, layer, await overlays.Apply(workspace, asOf.Known.Position, asOf.Method, [layer], cancel), conditions);
        }
        catch (InvalidRequestException e)
        {
            throw new InvalidRequestException([.. e.Problems.Select(p => FieldProblem.In("overlay", p.Code, p.Detail))]);
        }
    }

    /// <exception cref="InvalidRequestException">A filter is given that no deadline could meet.</exception>
    private async Task<IReadOnlyList<Deadline>> Deadlines(string workspace, AsOf asOf, ExportQuery query, CancellationToken cancel)
    {
        InvalidRequestException.ThrowIfAny(query.Given.Where(f => f.Name != "dyad")
            .Select(f => FieldProblem.In(f.Name, "contradiction", "A calendar shows deadlines, which have no such thing; it takes the filter dyad.")));
        Dyad? dyad = query.Dyad is null ? null : Dyad.Parse(query.Dyad);
        var all = new List<Deadline>();
        foreach (var source in deadlines)
        {
            all.AddRange(await source.Read(workspace, asOf, dyad, cancel));
        }

        return all;
    }

    /// <summary>Tells one export from another: by what it shows, and by the build that writes it.</summary>
    private static string ETag(ExportScope scope, string format, int limit, ExportOverlay? overlay, Uri address)
    {
        var text = string.Join('\n', [$"{typeof(Exporter).Module.ModuleVersionId}", format, $"{limit}", $"{overlay?.Version}", $"{address}", scope.Words]);
        return $"\"{scope.Known.Position}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}\"";
    }

    /// <summary>Answers with the ETag.</summary>
    /// <returns>Whether the client has that very export (If-None-Match).</returns>
    private static bool IsKnown(HttpContext http, string etag)
    {
        http.Response.Headers.ETag = etag;
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known == EntityTagHeaderValue.Any || known.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false));
    }
}
