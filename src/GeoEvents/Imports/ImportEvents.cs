using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Imports;

/// <summary>How an import goes on, as Server-Sent Events, from whatever node it runs on.</summary>
public sealed class ImportEvents(ImportDocuments imports, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(300);

    /// <summary>Proxies and clients take a silent connection for a dead one.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    /// <summary><c>progress</c> with the import whenever it has changed, then <c>ended</c>. Ends early when the service is stopped.</summary>
    public async IAsyncEnumerable<SseItem<string>> Of(string workspace, Guid id, HttpResponse response, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        var (last, silent) = ("", TimeSpan.Zero);
        while (!stopping.IsCancellationRequested)
        {
            var import = await imports.Find(workspace, id, cancel);
            var json = JsonSerializer.Serialize(import, GeoJson.Options);
            if (import.Ended || json != last)
            {
                yield return new SseItem<string>(json, import.Ended ? "ended" : "progress") { EventId = $"{import.Total}" };
                (last, silent) = (json, TimeSpan.Zero);
            }

            if (import.Ended)
            {
                yield break;
            }

            if (silent >= LongestSilence)
            {
                // A comment, which no event type is made for. Nothing else writes now: the writer of events waits for this method.
                await response.WriteAsync(": still here\n\n", cancel);
                await response.Body.FlushAsync(cancel);
                silent = TimeSpan.Zero;
            }

            await Task.Delay(BetweenLooks, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            silent += BetweenLooks;
        }
    }
}
