using System.CommandLine;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Uplink;

/// <summary>The command-line options that every agent has: <c>--broker --site --device --identity --keep-alive --lang</c>.</summary>
internal sealed class ServerArguments
{
    private readonly ServerOptions _defaults;
    private readonly Option<string> _broker;
    private readonly Option<string> _site;
    private readonly Option<string> _device;
    private readonly Option<string?> _identity;
    private readonly Option<int> _keepAlive;
    private readonly Option<string?> _lang;

    /// <summary>Makes the options.</summary>
    /// <param name="kind">The agent's kind.</param>
    public ServerArguments(string kind)
    {
        _defaults = new(kind);
        _broker = new("--broker") { HelpName = "URL", DefaultValueFactory = _ => _defaults.Broker, Description = "Server: mqtts://host:8883 with this device's identity; on this machine also mqtt://localhost:1883 or ws://localhost:8080/mqtt. Environment: FIELD_BROKER." };
        _site = new("--site") { HelpName = "ID", DefaultValueFactory = _ => _defaults.Site, Description = "Site id. Environment: FIELD_SITE." };
        _device = new("--device") { HelpName = "ID", DefaultValueFactory = _ => _defaults.Device, Description = "This device's id. Environment: FIELD_DEVICE." };
        _identity = new("--identity") { HelpName = "DIR", Description = "Folder of this device's key and certificate. Default: one per site and device in the user's data folder. Environment: FIELD_IDENTITY." };
        _keepAlive = new("--keep-alive") { HelpName = "SECONDS", DefaultValueFactory = _ => _defaults.KeepAliveSeconds, Description = "A line on which the server is silent for 1.5 to 2 times as long is given up and opened again. Less finds a dead line sooner; more lets a very thin one live (60 for 35 kbit/s). 5 to 60." };
        _lang = new("--lang") { HelpName = "ja|en", Description = "Language. Default from LANG." };
        _lang.AcceptOnlyFromAmong("ja", "en");
    }

    /// <summary>Adds the options to an agent's command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_broker);
        command.Add(_site);
        command.Add(_device);
        command.Add(_identity);
        command.Add(_keepAlive);
        command.Add(_lang);
    }

    /// <summary>What the command line says.</summary>
    public ServerOptions Read(ParseResult result) => _defaults with
    {
        Broker = result.GetRequiredValue(_broker),
        Site = result.GetRequiredValue(_site),
        Device = result.GetRequiredValue(_device),
        Identity = result.GetValue(_identity) ?? _defaults.Identity,
        KeepAliveSeconds = result.GetValue(_keepAlive),
    };

    /// <summary>The language to speak.</summary>
    public Texts Texts(ParseResult result) => View.Texts.For(result.GetValue(_lang), Environment.GetEnvironmentVariable);
}
