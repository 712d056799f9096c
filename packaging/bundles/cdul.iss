; Inno Setup 6.3 or newer: an installer for Windows of the folder that PyInstaller made, for one user, without
; administrator. See README.md beside this file.
;   iscc /DVersion=0.1.0 packaging\bundles\cdul.iss
#ifndef Version
  #define Version "0.1.0"
#endif

[Setup]
AppName=CDUL
AppVersion={#Version}
AppId=cdul
DefaultDirName={autopf}\CDUL
DefaultGroupName=CDUL
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=cdul-{#Version}-windows-x64
Compression=lzma2
UninstallDisplayIcon={app}\cdul-window.exe

[InstallDelete]
; Of an older version, whose files would be loaded beside the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\cdul\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\CDUL"; Filename: "{app}\cdul-window.exe"

[Registry]
; "Open with CDUL" on a folder.
Root: HKCU; Subkey: "Software\Classes\Directory\shell\cdul"; ValueType: string; ValueData: "Open with CDUL"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\Directory\shell\cdul"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\cdul-window.exe"
Root: HKCU; Subkey: "Software\Classes\Directory\shell\cdul\command"; ValueType: string; ValueData: """{app}\cdul-window.exe"" open ""%1"""
