using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace GeoEvents.Cli.Service;

/// <summary>What the service answered.</summary>
/// <param name="Json">The document as it came.</param>
/// <param name="Replayed">It is the answer to an earlier request with the same Idempotency-Key.</param>
public sealed record ServiceAnswer(HttpStatusCode Status, string Json, bool Replayed)
{
    /// <exception cref="CommandException">It has another shape: the service is of another version.</exception>
    public T Read<T>()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Json, Reading.Options)!;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new CommandException(ExitCode.Refused, "The service answered in a shape that this geoevents does not know; they are of different versions. Try --json.");
        }
    }
}

/// <summary>Speaks HTTP to one workspace of one service, and turns every failure into a message and an exit code.</summary>
public sealed class ServiceClient : IDisposable
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2)];

    private readonly Connection connection;
    private readonly Func<TimeSpan, CancellationToken, Task> wait;
    private readonly HttpClient http;

    public ServiceClient(Connection connection, Surroundings surroundings)
    {
        this.connection = connection;
        wait = surroundings.Wait;
        http = new HttpClient(surroundings.Wire ?? Network(connection.Service), disposeHandler: surroundings.Wire is null) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-User", connection.User);
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>How long an answer to anything but an upload may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(100);

    /// <param name="path">Below the workspace: <c>relationships/AZE-RUS</c>.</param>
    /// <param name="query">What is null is left out.</param>
    /// <exception cref="CommandException">No answer, or one that is not what was asked for.</exception>
    public Task<ServiceAnswer> Get(string path, CancellationToken cancel, params (string Name, string? Value)[] query) =>
        Send(() => new HttpRequestMessage(HttpMethod.Get, Address(path, query)), Patience, attempts: 1, cancel);

    /// <summary>Sends a document; again if the answer was lost, which the key makes harmless.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> Post(string path, string json, string idempotencyKey, CancellationToken cancel) => Send(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Address(path, [])) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
            return request;
        },
        Patience,
        attempts: Pauses.Length + 1,
        cancel);

    /// <summary>Sends a document under a key of its own; again if the answer was lost, which that makes harmless.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> Post(string path, string json, CancellationToken cancel) => Post(path, json, Guid.CreateVersion7().ToString(), cancel);

    /// <summary>Puts a document at its address; again if the answer was lost, which does no harm.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> Put(string path, string json, CancellationToken cancel) => Send(
        () => new HttpRequestMessage(HttpMethod.Put, Address(path, [])) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        Patience,
        attempts: Pauses.Length + 1,
        cancel);

    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> Delete(string path, CancellationToken cancel) =>
        Send(() => new HttpRequestMessage(HttpMethod.Delete, Address(path, [])), Patience, attempts: 1, cancel);

    /// <summary>Sends a file of any size as a stream, once.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> Upload(string path, Stream file, CancellationToken cancel, params (string Name, string? Value)[] query) => Send(
        () => new HttpRequestMessage(HttpMethod.Post, Address(path, query))
        {
            Content = new StreamContent(file, 1 << 16) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        },
        Timeout.InfiniteTimeSpan,
        attempts: 1,
        cancel);

    /// <summary>Sends a document once, and waits however long the service takes.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> PostAndWait(string path, string json, CancellationToken cancel) => Send(
        () => new HttpRequestMessage(HttpMethod.Post, Address(path, [])) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        Timeout.InfiniteTimeSpan,
        attempts: 1,
        cancel);

    /// <summary>Asks for something to be done that is as good done twice.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task<ServiceAnswer> Ask(string path, CancellationToken cancel) =>
        Send(() => new HttpRequestMessage(HttpMethod.Post, Address(path, [])), Patience, attempts: Pauses.Length + 1, cancel);

    /// <summary>The documents of a stream of events, as they come. It ends when the service or the connection does, which the last document tells apart.</summary>
    public async IAsyncEnumerable<ServiceAnswer> Events(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path, [])) { Headers = { Accept = { new("text/event-stream") } } };
        using var response = await Quietly(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel));
        if (response is not { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "text/event-stream" })
        {
            yield break;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        await using var events = SseParser.Create(body).EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
        while (await Quietly(async () => await events.MoveNextAsync()))
        {
            yield return new ServiceAnswer(response.StatusCode, events.Current.Data, false);
        }

        static async Task<T?> Quietly<T>(Func<Task<T>> read)
        {
            try
            {
                return await read();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return default;
            }
        }
    }

    /// <summary>Opens a stream of events.</summary>
    /// <param name="lastEventId">Id of the last event that is known; null leaves it to the service where to begin.</param>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public async Task<HttpResponseMessage> Open(string path, string? lastEventId, CancellationToken cancel, params (string Name, string? Value)[] query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path, query)) { Headers = { Accept = { new("text/event-stream") } } };
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var response = await Arriving(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), "broke before the answer came");
        if (response is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "text/event-stream" })
        {
            return response;
        }

        using (response)
        {
            var text = await Arriving(() => response.Content.ReadAsStringAsync(cancel), "broke before the answer came");
            throw !response.IsSuccessStatusCode && Problem.Read(text) is { } problem ? new RefusedByServiceException(response.StatusCode, problem, text) : Stranger(response.StatusCode);
        }
    }

    /// <summary>The documents of a stream of lines, as they come.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>; also when the connection breaks on the way.</exception>
    public async IAsyncEnumerable<ServiceAnswer> Lines(string path, [EnumeratorCancellation] CancellationToken cancel, params (string Name, string? Value)[] query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path, query)) { Headers = { Accept = { new("application/x-ndjson") } } };
        using var response = await Reached(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel));
        if (response is not { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "application/x-ndjson" })
        {
            var text = await Reached(() => response.Content.ReadAsStringAsync(cancel));
            throw !response.IsSuccessStatusCode && Problem.Read(text) is { } problem ? new RefusedByServiceException(response.StatusCode, problem, text) : Stranger(response.StatusCode);
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await Reached(() => lines.ReadLineAsync(cancel).AsTask()) is { } line)
        {
            yield return new ServiceAnswer(response.StatusCode, line, false);
        }

        async Task<T> Reached<T>(Func<Task<T>> read)
        {
            try
            {
                return await read();
            }
            catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
            {
                throw NotThere(e.HttpRequestError == HttpRequestError.SecureConnectionError ? " securely" : "");
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new CommandException(ExitCode.Unreachable, $"The connection to {connection.Service} broke before the end.");
            }
        }
    }

    /// <summary>Copies a file of any size as it comes.</summary>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    public Task Download(string path, Stream to, CancellationToken cancel) => Download(path, to, _ => { }, cancel);

    /// <summary>Copies a file of any size as it comes.</summary>
    /// <param name="tell">Called with how many bytes have come.</param>
    /// <returns>How many bytes there were, and what the service says that they show.</returns>
    /// <exception cref="CommandException">As for <see cref="Get"/>.</exception>
    /// <exception cref="IOException">It cannot be written to <paramref name="to"/>.</exception>
    public async Task<(long Bytes, string? Shows)> Download(
        string path, Stream to, Action<long> tell, CancellationToken cancel, params (string Name, string? Value)[] query)
    {
        using var response = await Arriving(() => http.GetAsync(Address(path, query), HttpCompletionOption.ResponseHeadersRead, cancel));
        if (!response.IsSuccessStatusCode)
        {
            var text = await Arriving(() => response.Content.ReadAsStringAsync(cancel));
            throw Problem.Read(text) is { } problem ? new RefusedByServiceException(response.StatusCode, problem, text) : Stranger(response.StatusCode);
        }

        await using var body = await Arriving(() => response.Content.ReadAsStreamAsync(cancel));
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        while (await Arriving(() => body.ReadAsync(buffer, cancel).AsTask()) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            tell(bytes += read);
        }

        await to.FlushAsync(cancel);
        return (bytes, response.Headers.TryGetValues("GeoEvents-Shown", out var shows) ? shows.First() : null);
    }

    /// <summary>Waits for what comes from the service; where that fails, it is the connection that failed.</summary>
    private async Task<T> Arriving<T>(Func<Task<T>> read, string otherwise = "broke before the file was whole")
    {
        try
        {
            return await read();
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw NotThere(e.HttpRequestError == HttpRequestError.SecureConnectionError ? " securely" : "");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CommandException(ExitCode.Unreachable, $"The connection to {connection.Service} {otherwise}.");
        }
    }

    public void Dispose() => http.Dispose();

    private static SocketsHttpHandler Network(Uri service) => new()
    {
        UseProxy = !service.IsLoopback,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    };

    private Uri Address(string path, (string Name, string? Value)[] query)
    {
        var given = string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
        return new Uri($"{connection.Service.AbsoluteUri.TrimEnd('/')}/api/v1/{connection.Workspace}/{path}{(given.Length > 0 ? "?" : "")}{given}");
    }

    private async Task<ServiceAnswer> Send(Func<HttpRequestMessage> request, TimeSpan patience, int attempts, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure, mayHelp) = await Try(request, patience, cancel);
            if (answer is not null)
            {
                return answer;
            }

            if (attempt >= attempts || !mayHelp)
            {
                throw failure!;
            }

            await wait(Pauses[attempt - 1], cancel);
        }
    }

    private async Task<(ServiceAnswer? Answer, CommandException? Failure, bool RepeatingMayHelp)> Try(
        Func<HttpRequestMessage> compose, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            using var request = compose();
            using var response = await http.SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
            if (response.IsSuccessStatusCode && (isJson || response.StatusCode == HttpStatusCode.NoContent))
            {
                return (new ServiceAnswer(response.StatusCode, body, response.Headers.Contains("Idempotency-Replayed")), null, false);
            }

            var refusal = isJson && !response.IsSuccessStatusCode ? Problem.Read(body) : null;
            return refusal is null
                ? (null, Stranger(response.StatusCode), false)
                : (null, new RefusedByServiceException(response.StatusCode, refusal, body), response.StatusCode == HttpStatusCode.ServiceUnavailable);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return (null, NotThere(e.HttpRequestError == HttpRequestError.SecureConnectionError ? " securely" : ""), false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, new CommandException(ExitCode.Unreachable, $"The connection to {connection.Service} broke before the answer came."), true);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, new CommandException(ExitCode.Unreachable, $"{connection.Service} did not answer within {patience.TotalSeconds:0} seconds."), true);
        }
    }

    private CommandException NotThere(string how) => new(
        ExitCode.Unreachable,
        $"No GeoEvents service answers{how} at {connection.Service}\nStart one with 'geoevents serve', or say where it is with --url or {Connection.UrlVariable}.");

    private CommandException Stranger(HttpStatusCode status) => new(
        ExitCode.Unreachable,
        $"What answers at {connection.Service} is not a GeoEvents service (HTTP {(int)status}).\nSay where it is with --url or {Connection.UrlVariable}.");
}
