using Microsoft.Extensions.Logging;

namespace Kehrwerk.Link.Transport;

/// <summary>What the transport tells the operator.</summary>
public sealed partial class MqttTransport
{
    [LoggerMessage(1, LogLevel.Information, "{ClientId} is connected to the broker {Host}:{Port}")]
    private partial void LogConnected(string clientId, string host, int port);

    [LoggerMessage(2, LogLevel.Warning, "{ClientId} has lost the broker {Host}:{Port}")]
    private partial void LogDisconnected(string clientId, string host, int port);

    [LoggerMessage(3, LogLevel.Warning, "{ClientId} cannot reach the broker {Host}:{Port}, next attempt in {PauseS} s: {Reason}")]
    private partial void LogConnectFailed(string reason, string clientId, string host, int port, double pauseS);

    [LoggerMessage(4, LogLevel.Debug, "{ClientId} could not send {Topic}")]
    private partial void LogSendFailed(Exception lost, string clientId, string topic);

    [LoggerMessage(5, LogLevel.Error, "The broker refuses {Topic} of {ClientId}: {Reason}. Check the broker's access rules")]
    private partial void LogRefused(string clientId, string topic, string reason);

    [LoggerMessage(6, LogLevel.Error, "{ClientId} failed to handle a message on {Topic}; the message is skipped")]
    private partial void LogHandlerFailed(Exception failed, string clientId, string topic);

    [LoggerMessage(7, LogLevel.Warning, "{ClientId} ends with {Count} messages unsent")]
    private partial void LogLeftUnsent(string clientId, int count);
}
