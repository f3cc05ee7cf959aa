using System.Globalization;
using System.Net;
using System.Text;
using GeoEvents.Cli;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.Tests.Cli;

/// <summary>A shell without a terminal in which geoevents runs; its wire answers as told and remembers what was asked.</summary>
internal sealed class Shell : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> answers = [];

    public List<(HttpMethod Method, string Address, string Body, string? User, string? Key)> Asked { get; } = [];

    /// <summary>What each request said to have seen last of a stream; null if nothing.</summary>
    public List<string?> LastEventIds { get; } = [];

    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; set; } = "";

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>What was printed as bytes.</summary>
    public MemoryStream Bytes { get; } = new();

    public Shell Answers(string json, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers)
    {
        answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status)
            {
                Content = new StringContent(json, Encoding.UTF8, (int)status < 400 ? "application/json" : "application/problem+json"),
            };
            foreach (var (name, value) in headers)
            {
                response.Headers.Add(name, value);
            }

            return response;
        });
        return this;
    }

    public Shell Streams(string text, string mediaType, params (string Name, string Value)[] headers)
    {
        answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, mediaType) };
            foreach (var (name, value) in headers)
            {
                response.Headers.Add(name, value);
            }

            return response;
        });
        return this;
    }

    /// <summary>Sends a part of what it should, and then the connection breaks.</summary>
    public Shell Breaks(string part)
    {
        answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream(Encoding.UTF8.GetBytes(part))) });
        return this;
    }

    public Shell Streams(Stream stream, string mediaType)
    {
        answers.Enqueue(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) { Headers = { ContentType = new(mediaType) } } });
        return this;
    }

    public Shell Fails(Exception exception)
    {
        answers.Enqueue(() => throw exception);
        return this;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> Run(params string[] args)
    {
        var (output, error) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var code = await CommandLine.Run(args, new Surroundings(
            output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(Input)), () => Bytes, false, false, name => Variables.GetValueOrDefault(name), "ada",
            new FakeTimeProvider(new DateTimeOffset(2025, 7, 2, 12, 0, 0, TimeSpan.Zero)), this, (_, _) => Task.CompletedTask));
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    private sealed class BreakingStream(byte[] part) : MemoryStream(part)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection was reset.");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add((
            request.Method,
            request.RequestUri!.AbsoluteUri,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Headers.TryGetValues("X-User", out var user) ? user.Single() : null,
            request.Headers.TryGetValues("Idempotency-Key", out var key) ? key.Single() : null));
        LastEventIds.Add(request.Headers.TryGetValues("Last-Event-ID", out var id) ? id.Single() : null);
        return answers.Dequeue()();
    }
}
