using System.Diagnostics;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace GeoEvents.Delivery.Email;

/// <summary>Sends one message once, for one alert or a digest of many.</summary>
public sealed class EmailSender(SmtpSettings smtp, DeliveryContents contents, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<AttemptResult> Send(Leased leased, IReadOnlyList<DeliveryRecord> group, CancellationToken cancel)
    {
        if (!smtp.IsConfigured)
        {
            return new AttemptResult(false, Error: "No SMTP server is configured any more.");
        }

        var id = group[0].Batch ?? group[0].Message;
        var items = new List<DeliveryContent>(group.Count);
        foreach (var delivery in group)
        {
            items.Add(await contents.Of(leased.Workspace, leased.Subscription.Id, delivery, cancel));
        }

        return await Send(EmailMessage.Of(leased.Workspace, leased.Subscription, id, items, smtp.Sender!, clock.GetUtcNow()), cancel);
    }

    private async Task<AttemptResult> Send(MimeMessage message, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        using var client = new Client();
        try
        {
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security, either.Token);
            if (smtp.User is { Length: > 0 } user)
            {
                await client.AuthenticateAsync(user, smtp.Password ?? "", either.Token);
            }

            var answer = await client.SendAsync(message, either.Token);
            await Quit(client, either.Token);
            return new AttemptResult(true, 250, null, string.Join("\n", client.Refused.Select(r => $"Not taken for {r}").Prepend(answer)));
        }
        catch (SmtpCommandException) when (client.AllRefused)
        {
            return new AttemptResult(false, client.Refused[0].Code, "The server refuses every recipient.", string.Join("\n", client.Refused));
        }
        catch (SmtpCommandException e) when (e.Mailbox is { } mailbox)
        {
            return new AttemptResult(false, (int)e.StatusCode, $"The server refuses it: {new Refusal(mailbox.Address, (int)e.StatusCode, e.Message)}");
        }
        catch (SmtpCommandException e)
        {
            return new AttemptResult(false, (int)e.StatusCode, $"The server refuses it: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new AttemptResult(false, Error: $"The server did not take it within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new AttemptResult(false, Error: $"The server could not be used: {e.Message}");
        }
    }

    /// <summary>The message is taken by then, so it does not matter how the parting goes.</summary>
    private static async Task Quit(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception e) when (e is IOException or ProtocolException or SocketException or OperationCanceledException)
        {
            Debug.Assert(!client.IsConnected || cancel.IsCancellationRequested, "Whoever is left without a farewell has gone.");
        }
    }

    /// <summary>An address that is refused for good does not keep the message from the others; one that is refused for now keeps it for a later attempt.</summary>
    private sealed class Client : SmtpClient
    {
        public List<Refusal> Refused { get; } = [];

        public bool AllRefused { get; private set; }

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            if ((int)response.StatusCode < 500)
            {
                base.OnRecipientNotAccepted(message, mailbox, response);
            }

            Refused.Add(new Refusal(mailbox.Address, (int)response.StatusCode, response.Response));
        }

        protected override void OnNoRecipientsAccepted(MimeMessage message)
        {
            AllRefused = true;
            base.OnNoRecipientsAccepted(message);
        }
    }

    /// <param name="Code">Of the server's reply, such as 550.</param>
    /// <param name="Text">Of the server's reply.</param>
    private sealed record Refusal(string Address, int Code, string Text)
    {
        public override string ToString() => $"{Address}: {Code} {Text}";
    }
}
