using System.CommandLine;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Agents;

/// <summary>What every agent with an outbox was asked to do.</summary>
internal record AgentOptions(string Kind) : ServerOptions(Kind)
{
    /// <summary>The options that the command line gave to the server part.</summary>
    public AgentOptions(ServerOptions server)
        : this(server.Kind)
    {
        (Broker, Site, Device, Identity, KeepAliveSeconds) = (server.Broker, server.Site, server.Device, server.Identity, server.KeepAliveSeconds);
    }

    /// <summary>Folder of the outbox; null for one per site and device in the user's application data.</summary>
    public string? Outbox { get; init; }

    /// <summary>Bytes of messages and samples kept, at most; null for 8 GiB or half of what is free. From 16 MiB.</summary>
    public long? OutboxMax { get; init; }

    /// <summary>How often the device says how it is, seconds. Default 60, 1 to 86,400.</summary>
    public double StatusSeconds { get; init; } = 60;

    /// <summary>End when everything has been sent, instead of staying online. Default false.</summary>
    public bool Once { get; init; }

    /// <summary>Where to write the summary as JSON, or null.</summary>
    public string? Summary { get; init; }

    /// <summary>The outbox's folder.</summary>
    public string OutboxFolder => Path.GetFullPath(Outbox ?? Folder("outbox", Site, Device));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Errors(Texts texts)
    {
        List<string> errors = [.. base.Errors(texts)];
        if (OutboxMax < OutboxLimits.LeastMaxBytes)
        {
            errors.Add(texts.BadOutboxMax);
        }

        if (StatusSeconds is not (>= 1 and <= 86_400))
        {
            errors.Add(texts.BadStatusEvery);
        }

        return errors;
    }
}

/// <summary>The command-line options that every agent with an outbox has.</summary>
internal sealed class AgentArguments
{
    private readonly ServerArguments _server;
    private readonly Option<string?> _outbox = new("--outbox") { HelpName = "DIR", Description = "Folder of the outbox. Default: one per site and device in the user's data folder." };
    private readonly Option<long?> _outboxMax = new("--outbox-max")
    {
        HelpName = "SIZE",
        Description = "Messages and samples kept, at most: bytes, or with K, M, G. When full the oldest telemetry goes first, then other messages; "
            + "reports and events are never dropped; what was dropped is told to the server. Default 8G or half of what is free; at least 16M.",
        CustomParser = result => ByteSize.Parse(result.Tokens[0].Value) is { } size ? size : Fail(result),
    };

    private readonly Option<double> _status = new("--status-every") { HelpName = "SECONDS", DefaultValueFactory = _ => 60, Description = "How often the device says how it is." };
    private readonly Option<bool> _once = new("--once") { Description = "End when everything has been sent, instead of staying online." };
    private readonly Option<string?> _summary = new("--summary") { HelpName = "FILE", Description = "Write the figures of the run to FILE as JSON." };

    /// <summary>Makes the options.</summary>
    public AgentArguments(string kind) => _server = new ServerArguments(kind);

    /// <summary>Adds the options to an agent's command.</summary>
    public void AddTo(Command command)
    {
        _server.AddTo(command);
        command.Add(_outbox);
        command.Add(_outboxMax);
        command.Add(_status);
        command.Add(_once);
        command.Add(_summary);
    }

    /// <summary>What the command line says.</summary>
    public AgentOptions Read(ParseResult result) => new(_server.Read(result))
    {
        Outbox = result.GetValue(_outbox),
        OutboxMax = result.GetValue(_outboxMax),
        StatusSeconds = result.GetValue(_status),
        Once = result.GetValue(_once),
        Summary = result.GetValue(_summary),
    };

    /// <summary>The language to speak.</summary>
    public Texts Texts(ParseResult result) => _server.Texts(result);

    private static long? Fail(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--outbox-max '{result.Tokens[0].Value}' is no size: give bytes, or a number with K, M or G");
        return null;
    }
}
