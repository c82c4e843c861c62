; The driver of PostgreSQL (psycopg, LGPL) for the esign of one user: ${APP} is the folder that goes in, ${OUT} the
; installer. It lies beside esign's own parts, so that a newer esign keeps it; kaldir.exe takes both away.
Target amd64-unicode

!include MUI2.nsh
Name "esign - PostgreSQL"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\esign"
SetCompressor /SOLID lzma
SetDateSave off
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "esign - PostgreSQL"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "esign için PostgreSQL sürücüsü"
VIAddVersionKey LegalCopyright "LGPL-3.0-only"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_LANGUAGE Turkish
!insertmacro MUI_LANGUAGE English
LangString First ${LANG_TURKISH} "Önce esign'ı kurunuz: esign-setup.exe"
LangString First ${LANG_ENGLISH} "Install esign first: esign-setup.exe"
Section
  IfFileExists "$INSTDIR\esign.exe" there 0
    MessageBox MB_OK|MB_ICONSTOP "$(First)" /SD IDOK
    SetErrorLevel 2
    Abort
  there:
  RMDir /r "$INSTDIR\PostgreSQL"
  SetOutPath "$INSTDIR\PostgreSQL"
  File /r "${APP}/*"
SectionEnd
