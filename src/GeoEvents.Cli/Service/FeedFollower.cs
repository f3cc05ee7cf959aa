using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace GeoEvents.Cli.Service;

/// <summary>Follows the feed of a workspace for ever. When the connection breaks it connects again, and goes on after the last event that came whole.</summary>
/// <param name="tell">Told what somebody at a terminal wants to know: that the connection broke, that it is back, that the log is another one.</param>
public sealed class FeedFollower(ServiceClient service, Surroundings surroundings, Action<string> tell)
{
    /// <summary>The service sends something every 15 s; after this long without anything, the connection is taken for dead.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(15);

    private readonly StringBuilder data = new();
    private string? id, kind;

    /// <summary>Id of the last event that came whole; null if there was none yet.</summary>
    public string? Last { get; private set; }

    /// <summary>The documents of the events.</summary>
    /// <param name="after">Number to go on after; null begins with what is recorded from now on.</param>
    /// <exception cref="CommandException">The service cannot be reached at first, or refuses what is asked.</exception>
    public async IAsyncEnumerable<ServiceAnswer> Follow(long? after, (string Name, string? Value)[] query, [EnumeratorCancellation] CancellationToken cancel)
    {
        Last = after?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        for (var (connected, broken, pause) = (false, false, ShortestPause); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            using (var response = await Open(query, first: !connected, cancel))
            {
                if (response is not null)
                {
                    (connected, pause) = (true, ShortestPause);
                    if (broken)
                    {
                        tell($"Connected again; going on after number {Last}.");
                        broken = false;
                    }

                    using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
                    while (await Next(lines, cancel) is { } document)
                    {
                        yield return new ServiceAnswer(response.StatusCode, document, false);
                    }
                }
            }

            if (!broken)
            {
                tell("The connection broke; trying again.");
                broken = true;
            }

            await surroundings.Wait(pause, cancel);
        }
    }

    /// <returns>Null if that may be otherwise the next time.</returns>
    private async Task<HttpResponseMessage?> Open((string Name, string? Value)[] query, bool first, CancellationToken cancel)
    {
        try
        {
            return await service.Open("feed", Last, cancel, query);
        }
        catch (CommandException e) when (!first && (e.ExitCode == ExitCode.Unreachable || e is RefusedByServiceException { Status: >= HttpStatusCode.InternalServerError }))
        {
            return null;
        }
    }

    /// <summary>The document of the next event that is one of the feed.</summary>
    /// <returns>Null at the end of the stream, however it came.</returns>
    private async Task<string?> Next(StreamReader lines, CancellationToken cancel)
    {
        (id, kind) = (null, null);
        data.Clear();
        while (await Line(lines, cancel) is { } line)
        {
            if (line.Length > 0)
            {
                Take(line);
                continue;
            }

            // Only an event that came whole counts: its id may be the one to go on after.
            var (number, event_, document) = (id, kind, data.ToString());
            (id, kind) = (null, null);
            data.Clear();
            Last = number ?? Last;
            if (event_ == "reset")
            {
                tell($"The log of the service does not have the number asked for: it is another one, or was restored. Going on after number {Last}.");
            }
            else if (number is not null && document.Length > 0)
            {
                return document;
            }
        }

        return null;
    }

    private void Take(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].TrimStart(' '));
        switch (field)
        {
            case "id":
                id = value;
                break;
            case "event":
                kind = value;
                break;
            case "data":
                data.Append(value);
                break;
        }
    }

    private async Task<string?> Line(StreamReader lines, CancellationToken cancel)
    {
        using var silence = new CancellationTokenSource(LongestSilence, surroundings.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            return await lines.ReadLineAsync(either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested && silence.IsCancellationRequested))
        {
            return null;
        }
    }
}
